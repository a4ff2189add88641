/**
 * Whether what a provider takes also arrives, by provider and country, and whether silence is the provider's or our own
 * deafness. It hears of submissions, receipts and typed codes, and advises; it submits nothing and holds no request.
 * Open {@link dev.petrel.health.DeliveryHealth} first.
 */
package dev.petrel.health;
