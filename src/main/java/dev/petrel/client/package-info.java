/**
 * How an auth service talks to Petrel: a reference to copy, of Kafka's client and Jackson alone. Nothing of Petrel imports
 * it, and it imports nothing of Petrel. Open {@link dev.petrel.client.PetrelClient} first.
 */
package dev.petrel.client;
