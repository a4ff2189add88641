/**
 * What Petrel talks about: the request, the number, the submission and its result, the status. Plain values without
 * any transport; everything else may import this package and it imports nothing of ours. Open {@link
 * dev.petrel.message.SendRequest} first, then {@link dev.petrel.message.SubmitResult}.
 */
package dev.petrel.message;
