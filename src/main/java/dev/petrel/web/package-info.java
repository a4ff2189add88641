/**
 * The edge to HTTP: health, metrics and what operators decide on one port, the receipts of providers on another that the
 * world may reach. Open {@link dev.petrel.web.ManagementServer}, {@link dev.petrel.web.OrdersApi} and {@link
 * dev.petrel.web.ReceiptWebhook} first.
 */
package dev.petrel.web;
