/**
 * What a provider is: something that takes one submission and says in our words what became of it. Each vendor has a
 * package of its own below this one, and none knows another. Open {@link dev.petrel.provider.SmsProvider} first.
 */
package dev.petrel.provider;
