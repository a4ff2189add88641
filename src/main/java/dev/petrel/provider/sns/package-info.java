/**
 * Amazon SNS, publishing to a number. The AWS SDK makes, signs and reads, {@link
 * dev.petrel.provider.sns.VertxSdkHttpClient} sends, and {@link dev.petrel.provider.sns.SnsErrors} says what the codes
 * mean. SNS gives no receipt for a single message. Open {@link dev.petrel.provider.sns.SnsProvider} first.
 */
package dev.petrel.provider.sns;
