/** Time as a thing that is handed in: the clock, the ticker and the timers of one event loop, or a test's own. */
package dev.petrel.time;
