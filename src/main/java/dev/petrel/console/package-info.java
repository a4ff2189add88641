/**
 * What the operators' page shows: events of the status topic and the lines of the instances, folded into one
 * {@link dev.petrel.console.Board} of the whole cluster. Plain Java: who reads the topics and who serves the page is found
 * elsewhere. Open {@link dev.petrel.console.Console} first.
 */
package dev.petrel.console;
