package dev.sluice.mesh.remote.link;

import org.jspecify.annotations.Nullable;

/**
 * Makes a message of those that travelled. It may remember: a link has one of its own.
 *
 * @param <P> the stream's
 * @param <M> the process's
 */
@FunctionalInterface
interface Decoder<P, M> {
  /**
   * Takes one.
   *
   * @return null when more of the message is to come
   * @throws dev.sluice.service.ProblemException it is not what may come
   */
  @Nullable M decode(P message);
}
