package dev.sluice.cookbook;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Scope;
import java.io.PrintStream;

/**
 * Task 1: one process says a word, another prints it.
 *
 * <p>On a rendezvous channel the speaker's {@code send} returns when the word has been received:
 * both know then that the other has come so far. On a channel with a buffer of one it returns when
 * the word is in the buffer: the speaker may end before anybody listens, and knows nothing of the
 * listener. The word is the same; what changes is who waits for whom.
 *
 * <pre>
 *   speaker --"hello"--> [0 or 1] --> listener
 * </pre>
 */
final class Hello {
  private Hello() {}

  static void run(PrintStream out) throws InterruptedException {
    out.println(say("hello, over a rendezvous", 0));
    out.println(say("hello, through a buffer of one", 1));
    out.println("nobody listens: " + sayToNobody("hello?"));
  }

  /** Sends the words through a channel of that capacity and answers what came out. */
  static String say(String words, int capacity) throws InterruptedException {
    try (var scope = Scope.open("hello")) {
      Channel<String> mouthpiece = scope.channel("mouthpiece", capacity);
      scope.start("speaker", () -> mouthpiece.send(words));
      String heard = mouthpiece.receive();
      scope.join();
      Check.equal(words, heard, "what was heard");
      return heard;
    }
  }

  /**
   * Speaks though nobody listens: into a buffer one can, and has then ended; over a rendezvous one
   * cannot. Answers what the buffer holds when the speaker has gone.
   */
  static String sayToNobody(String words) throws InterruptedException {
    try (var scope = Scope.open("hello")) {
      Channel<String> buffer = scope.channel("buffer", 1);
      scope.start("speaker", () -> buffer.send(words));
      scope.join(); // returns, so the speaker has ended

      Channel<String> rendezvous = scope.channel("rendezvous", 0);
      Check.that(!rendezvous.trySend(words), "a rendezvous takes nothing while nobody listens");
      return "the buffer keeps \"" + buffer.receive() + "\", a rendezvous takes nothing";
    }
  }
}
