/**
 * The demo: a minute of a shop platform's webhooks through all four services, counted at both ends.
 *
 * <pre>
 *   recording -> feed -> dedup -> [mesh] -> acquire -> submit -> worker-pool-svc -> target
 *                  |       |        |          |          |                           |
 *                  +-------+--------+----------+----------+---> tally  == audit ==  counter
 * </pre>
 *
 * It is also the channel library's showcase: processes own their state, talk over bounded channels,
 * and live in scopes; there is no lock, no atomic and no shared map in it.
 */
@NullMarked
package dev.sluice.demo;

import org.jspecify.annotations.NullMarked;
