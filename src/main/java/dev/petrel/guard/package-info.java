/** May this request be sent at all? One class per check. Open {@link dev.petrel.guard.Guard} first. */
package dev.petrel.guard;
