package dev.sluice.mesh.process;

import dev.sluice.csp.Channel;

/**
 * Both ends of a link within one JVM: two channels.
 *
 * @param dialling whose process has dialled
 * @param dialled whose process was dialled
 */
public record LocalLink<A, B>(Link<A, B> dialling, Link<B, A> dialled) {

  /** Makes a link with room for so many messages each way. */
  public static <A, B> LocalLink<A, B> of(int room) {
    Channel<A> there = Channel.buffered(room);
    Channel<B> back = Channel.buffered(room);
    Runnable cut =
        () -> {
          there.tryClose();
          back.tryClose();
        };
    return new LocalLink<>(new Link<>(there, back, cut), new Link<>(back, there, cut));
  }
}
