/** How a setting that can't be is told: by its key, its value and what is allowed, all mistakes at once. */
package dev.petrel.config;
