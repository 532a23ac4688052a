package dev.sluice.cookbook;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Processes;
import dev.sluice.csp.Scope;
import dev.sluice.csp.Select;
import dev.sluice.csp.Ticker;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * Task 22: the same question goes to several replicas, and the first answer counts. Who is left
 * behind?
 *
 * <p>In the {@linkplain #leaky leaky} version the others wait for somebody to take their answers,
 * as long as the server lives. {@code @NoLeaks} of the test kit finds them in a test, {@link
 * Processes#dump} in a server that runs. There are two fixes: {@linkplain #buffered room for all
 * answers}, so that nobody waits, or {@linkplain #first a scope for each question}, which cancels
 * the others.
 *
 * <p>For blocking calls alone, the JDK's {@code ExecutorService.invokeAny} and StructuredTaskScope
 * with {@code anySuccessfulResultOrThrow} do the same as the last. Take a scope where the replicas
 * are asked through channels, or live among other processes.
 *
 * <pre>
 *            /--> replica-1 --\
 *   question ---> replica-2 ---+--> the first answer
 *            \--> replica-3 --/
 * </pre>
 */
final class LeakDetection {
  private static final int QUESTIONS = 100;
  private static final int REPLICAS = 3;

  /** Answers the question; may be slow. */
  interface Replica {
    String answer() throws Exception;
  }

  private LeakDetection() {}

  static void run(PrintStream out) throws InterruptedException {
    List<Replica> replicas = Collections.nCopies(REPLICAS, () -> "42");
    try (var server = Scope.open("leaky server")) {
      for (int i = 0; i < QUESTIONS; i++) {
        Check.equal("42", leaky(server, replicas), "the first answer");
      }
      int losers = QUESTIONS * (REPLICAS - 1);
      awaitProcesses(server, losers); // the winners may still be ending
      out.println(QUESTIONS + " questions, and " + losers + " processes left in the leaky server,");
      out.println("such as: " + lineOfDumpWith("process replica"));
    }
    try (var server = Scope.open("server")) {
      for (int i = 0; i < QUESTIONS; i++) {
        Check.equal("42", first(server, replicas), "the first answer");
      }
      Check.equal(List.of(), server.processes(), "processes left");
      Check.equal(List.of(), server.children(), "scopes left");
      out.println(QUESTIONS + " questions, and nobody left in the other");
    }
  }

  /** Leaks: the losers wait for a receiver for as long as the server lives. */
  static String leaky(Scope server, List<Replica> replicas) throws InterruptedException {
    Channel<String> answers = Channel.rendezvous();
    for (int i = 0; i < replicas.size(); i++) {
      Replica replica = replicas.get(i);
      server.start("replica-" + (i + 1), () -> answers.send(replica.answer()));
    }
    return answers.receive();
  }

  /**
   * Nobody waits for a receiver, so every loser that comes to its answer ends. This is the lesser
   * fix: the losers work to the end for nothing, as much as they would for a question of their own,
   * and one that hangs is left behind as before.
   */
  static String buffered(Scope server, List<Replica> replicas) throws InterruptedException {
    Channel<String> answers = Channel.buffered(replicas.size());
    for (int i = 0; i < replicas.size(); i++) {
      Replica replica = replicas.get(i);
      server.start("replica-" + (i + 1), () -> answers.send(replica.answer()));
    }
    return answers.receive();
  }

  /**
   * Cancels the losers, wherever they are, and waits until they have ended. This is the better fix:
   * what is not wanted any more costs nothing any more, a replica that hangs does not matter, and
   * when the answer is there so is the end of all that was started for it.
   *
   * @throws RuntimeException a replica failed before the others were told to end; a checked failure
   *     is wrapped
   * @throws CancellationException the server was cancelled
   */
  static String first(Scope server, List<Replica> replicas) throws InterruptedException {
    if (replicas.isEmpty()) {
      throw new IllegalArgumentException("there is no replica to ask, must be 1 or more");
    }
    try (var question = server.child("question")) {
      Channel<String> answers = question.channel("answers", 0);
      for (int i = 0; i < replicas.size(); i++) {
        Replica replica = replicas.get(i);
        question.start("replica-" + (i + 1), () -> answers.send(replica.answer()));
      }
      var select = Select.prioritised();
      var answer = select.receive(answers);
      select.receive(question.done()); // a replica has failed
      if (select.await() != answer) {
        question.join(); // throws its failure
        throw new CancellationException("the server ends");
      }
      return answer.value();
    }
  }

  private static void awaitProcesses(Scope scope, int count) throws InterruptedException {
    try (var ticker = Ticker.every(Duration.ofMillis(1))) {
      while (scope.processes().size() > count) {
        ticker.channel().receive();
      }
    }
  }

  private static String lineOfDumpWith(String text) {
    return Processes.dump()
        .lines()
        .filter(line -> line.contains(text))
        .findFirst()
        .orElse("")
        .strip();
  }
}
