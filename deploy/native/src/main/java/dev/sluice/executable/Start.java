package dev.sluice.executable;

import dev.sluice.load.Service;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks a service that starts until it does what it was asked for the first time. */
final class Start {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final URI url;
  private final byte[] request;

  /**
   * @param process that is to answer
   * @param body of a POST
   */
  Start(Process process, URI url, String body) {
    this.process = process;
    this.url = url;
    byte[] content = body.getBytes(StandardCharsets.UTF_8);
    String head =
        "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
            .formatted(url.getPath(), url.getAuthority(), content.length);
    this.request = (head + body).getBytes(StandardCharsets.UTF_8);
  }

  /** Milliseconds from exec to the first answer, with a new folder, and so without any state. */
  static double millis(Subject subject, Path app, Path scratch)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory(scratch, "start");
    try (Service service = Service.launch(app, folder, subject.settings(folder))) {
      var start =
          new Start(
              service.process(), URI.create(service.http(subject.path())), subject.firstBody());
      return (start.answered() - service.startedNanos()) / 1e6;
    }
  }

  /**
   * Waits for an answer with a status of 2xx.
   *
   * @return the {@link System#nanoTime} of its first line
   * @throws IOException the process has ended, or has not answered so in a minute
   */
  long answered() throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    String last = "nothing";
    do {
      try {
        String status = ask();
        if (status != null && status.matches("HTTP/1.1 2\\d\\d.*")) {
          return System.nanoTime();
        }
        last = String.valueOf(status);
      } catch (IOException notYet) {
        last = notYet.toString();
      }
    } while (!process.waitFor(1, TimeUnit.MILLISECONDS) && System.nanoTime() < end);
    throw new IOException(url + " has not answered as it should; the last was: " + last);
  }

  private @Nullable String ask() throws IOException {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(url.getHost(), url.getPort()), 1_000);
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request);
      return new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
          .readLine();
    }
  }
}
