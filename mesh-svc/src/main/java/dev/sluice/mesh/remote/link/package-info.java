/**
 * Links between processes of the mesh that are processes of the operating system, too: each is a
 * gRPC stream between a pair of channels at either end.
 *
 * <pre>
 *   process --out--&gt; [writer] --request/response stream--&gt; received --&gt; [reader] --in--&gt; process
 * </pre>
 *
 * <p>Both ends are here, the side that dials ({@code GrpcDialer}) and the sides that listen ({@code
 * MembershipGrpc}, {@code WorkGrpc}): they are the same but for who speaks first, and what travels
 * is said once. The writer sends only while the stream takes more, and the reader asks for more
 * only when it has handed on what came: who does not read makes the other side wait, over the
 * network as within one JVM.
 */
@NullMarked
package dev.sluice.mesh.remote.link;

import org.jspecify.annotations.NullMarked;
