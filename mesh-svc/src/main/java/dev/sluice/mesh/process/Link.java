package dev.sluice.mesh.process;

import dev.sluice.csp.ReceiveChannel;
import dev.sluice.csp.SendChannel;

/**
 * One end of a link to another process of the mesh, which may be anywhere. Messages come in the
 * order in which they were sent, as long as the link lasts; a link that breaks loses what is under
 * way. Both channels are bounded: who does not read makes the other side wait.
 *
 * @param out what is sent; closing it ends the link in good order, after what was sent
 * @param in what is received; closed when the link has ended or broken, after what had come
 * @param cut breaks the link at once, at both ends; may be called by any thread, again too
 */
public record Link<O, I>(SendChannel<O> out, ReceiveChannel<I> in, Runnable cut) {}
