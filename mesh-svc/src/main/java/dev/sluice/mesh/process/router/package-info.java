/**
 * The insides of the router's process. It owns all requests in flight; each stands in the line of
 * its slice, and is delivered over the link to the slice's owner as far as that has credits.
 *
 * <pre>
 *   ask, find, look --&gt; RouterPorts --&gt; [RouterProcess] &lt;--orders-- SupervisorLink
 *                                          |     ^
 *                     Requests, KnownIds   |     | Heard, by one LinkReader a link
 *                     RequestLog           v     |
 *                                       Workers, WorkerLink &lt;====&gt; workers
 * </pre>
 */
@NullMarked
package dev.sluice.mesh.process.router;

import org.jspecify.annotations.NullMarked;
