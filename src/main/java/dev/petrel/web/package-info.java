/**
 * The edge to HTTP: health and metrics on one port, the receipts of providers on another that the world may reach. Open
 * {@link dev.petrel.web.ManagementServer} and {@link dev.petrel.web.ReceiptWebhook} first.
 */
package dev.petrel.web;
