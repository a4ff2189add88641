/**
 * What a provider is: something that takes one submission and says in our words what became of it. Each vendor has a
 * package of its own below this one, and none knows another; what they share is here: the one way to
 * send a request, and what follows from an error. Open {@link dev.petrel.provider.SmsProvider} first, then {@link
 * dev.petrel.provider.HttpPool} and {@link dev.petrel.provider.ErrorTable}.
 */
package dev.petrel.provider;
