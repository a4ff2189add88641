/**
 * Holds what is shipped: the image at work, and the licences of what is in it. What k8s says is held by {@code
 * dev.petrel.app.ManifestsTest}. Open {@link dev.petrel.deployment.ImageCheck}.
 */
package dev.petrel.deployment;
