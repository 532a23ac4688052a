package dev.sluice.limiter.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A crowd that asks for the permits of one bucket at the same time.
 *
 * @param callers how many ask at once, for one permit each
 * @param bucket how many permits there are, none of which comes back meanwhile
 * @param granted how many were granted, a number a run
 */
record Crowd(int callers, int bucket, List<Integer> granted) {
  static final int CALLERS = 2_000;
  static final int BUCKET = 100;

  /** Lets a crowd ask in each of several runs, each for another bucket. */
  static Crowd ask(String acquire, int runs) throws IOException {
    System.out.println("  " + CALLERS + " callers at a bucket of " + BUCKET);
    try (var client = HttpClient.newBuilder().version(Version.HTTP_1_1).build()) {
      var granted = new ArrayList<Integer>();
      for (int run = 0; run < runs; run++) {
        granted.add(granted(client, request(acquire, "crowd:" + run)));
      }
      return new Crowd(CALLERS, BUCKET, granted);
    }
  }

  boolean isExact() {
    return granted.stream().allMatch(each -> each == bucket);
  }

  private static HttpRequest request(String acquire, String key) {
    String body =
        """
        {"key":"%s","limit":{"rate":%d,"per":"366d"}}\
        """
            .formatted(key, BUCKET);
    return HttpRequest.newBuilder(URI.create(acquire))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  private static int granted(HttpClient client, HttpRequest request) throws IOException {
    List<CompletableFuture<HttpResponse<Void>>> answers = new ArrayList<>();
    for (int caller = 0; caller < CALLERS; caller++) {
      answers.add(client.sendAsync(request, BodyHandlers.discarding()));
    }
    int granted = 0;
    for (CompletableFuture<HttpResponse<Void>> answer : answers) {
      int status = answer.join().statusCode();
      if (status == 200) {
        granted++;
      } else if (status != 429) {
        throw new IOException("answered " + status + " to " + request);
      }
    }
    return granted;
  }
}
