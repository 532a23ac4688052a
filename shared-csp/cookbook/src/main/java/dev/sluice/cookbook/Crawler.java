package dev.sluice.cookbook;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.csp.Channel;
import dev.sluice.csp.Reply;
import dev.sluice.csp.Scope;
import dev.sluice.csp.patterns.Semaphore;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Task 23: a crawler of one process a page, of which eight at a time ask the server.
 *
 * <p>A process is cheap, so each page has its own; a request is not, so it needs one of eight
 * permits. The semaphore is a buffered channel: its capacity is the bound. One process, the
 * frontier, owns what has been seen, so no page is fetched twice. The server is a real one on this
 * machine, and it is the server that counts how many requests are in flight.
 *
 * <pre>
 *   frontier --starts--> fetch a page --acquire--> [8] --request--> server
 *      ^                      |
 *      +-------links----------+
 * </pre>
 *
 * <p>{@code java.util.concurrent.Semaphore} counts permits that nobody owns, so anyone can release
 * one too many: take it where several permits are acquired at once, or where its speed counts. Take
 * this one where a permit has an owner, is handed on over a channel, or is to be seen in a dump.
 */
final class Crawler {
  static final int PAGES = 40;
  static final int MOST_IN_FLIGHT = 8;

  private static final int MOST_PAGES = 1_000;
  private static final int OK = 200;
  private static final Pattern LINK = Pattern.compile("href=\"([^\"]+)\"");

  private Crawler() {}

  static void run(PrintStream out) throws IOException, InterruptedException {
    try (var scope = Scope.open("website");
        var site = Site.open(scope, PAGES, MOST_IN_FLIGHT)) {
      Set<URI> pages = crawl(site.start(), MOST_IN_FLIGHT);
      Site.Count count = site.count();
      out.println(
          pages.size()
              + " pages in "
              + count.requests()
              + " requests, at most "
              + count.mostInFlight()
              + " of them in flight");
      Check.equal(PAGES + 1, pages.size(), "pages found");
      Check.equal(pages.size(), count.requests(), "requests, one a page");
      Check.equal(
          MOST_IN_FLIGHT, count.mostInFlight(), "requests in flight, counted by the server");
    }
  }

  /** Finds all pages that can be reached from the first. */
  static Set<URI> crawl(URI first, int mostInFlight) throws InterruptedException {
    try (var scope = Scope.open("crawl");
        var client = client()) {
      var requests = Semaphore.in(scope, "requests", mostInFlight);
      var found = new Reply<Set<URI>>();
      scope.start("frontier", () -> found.complete(explore(first, scope, requests, client)));
      scope.join();
      return found.await();
    }
  }

  /** The frontier: the only one that knows which pages have been seen. */
  private static Set<URI> explore(URI first, Scope scope, Semaphore requests, HttpClient client)
      throws InterruptedException {
    Channel<List<URI>> fetched = scope.channel("fetched", 0);
    Set<URI> seen = new LinkedHashSet<>();
    List<URI> links = List.of(first);
    int underWay = 0;
    while (true) {
      for (URI link : links) {
        if (seen.size() < MOST_PAGES && seen.add(link)) {
          underWay++;
          scope.start("fetch " + link.getPath(), () -> fetched.send(fetch(link, requests, client)));
        }
      }
      if (underWay == 0) {
        return seen;
      }
      links = fetched.receive();
      underWay--;
    }
  }

  private static List<URI> fetch(URI page, Semaphore requests, HttpClient client)
      throws IOException, InterruptedException {
    try (var _ = requests.acquire()) {
      var request = HttpRequest.newBuilder(page).build();
      String text = client.send(request, BodyHandlers.ofString()).body();
      return LINK.matcher(text).results().map(link -> page.resolve(link.group(1))).toList();
    }
  }

  private static HttpClient client() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .proxy(HttpClient.Builder.NO_PROXY)
        .build();
  }

  /** A website on this machine: a first page with links to all others, which link to each other. */
  static final class Site implements AutoCloseable {
    /** What the server has seen. */
    record Count(int requests, int mostInFlight) {}

    private sealed interface Message {
      record Enter(boolean isFirstPage, Reply<Boolean> go) implements Message {}

      record Leave() implements Message {}

      record Ask(Reply<Count> reply) implements Message {}
    }

    private final HttpServer server;
    private final Channel<Message> counter;
    private final int pages;

    private Site(HttpServer server, Channel<Message> counter, int pages) {
      this.server = server;
      this.counter = counter;
      this.pages = pages;
    }

    /**
     * Holds the answers back until {@code crowd} requests for other pages than the first are in.
     */
    static Site open(Scope scope, int pages, int crowd) throws IOException {
      var address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
      var server = HttpServer.create(address, pages);
      Channel<Message> counter = scope.port("counter", 16); // the server's threads send
      var site = new Site(server, counter, pages);
      scope.start("counter", () -> count(counter, crowd));
      server.setExecutor(task -> scope.start("request", task::run));
      server.createContext("/", site::answer);
      server.start();
      return site;
    }

    URI start() {
      return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    Count count() throws InterruptedException {
      var reply = new Reply<Count>();
      counter.send(new Message.Ask(reply));
      return reply.await();
    }

    @Override
    public void close() {
      server.stop(0);
      counter.close();
    }

    /** Counts itself out before it answers, so never more are counted than have been asked. */
    private void answer(HttpExchange exchange) throws IOException {
      try (exchange) {
        String path = exchange.getRequestURI().getPath();
        var go = new Reply<Boolean>();
        counter.send(new Message.Enter(path.equals("/"), go));
        go.await();
        counter.send(new Message.Leave());
        byte[] text = page(path).getBytes(UTF_8);
        exchange.sendResponseHeaders(OK, text.length);
        exchange.getResponseBody().write(text);
      } catch (InterruptedException cancelled) {
        Thread.currentThread().interrupt();
      }
    }

    private String page(String path) {
      return path.equals("/")
          ? IntStream.rangeClosed(1, pages).mapToObj(Site::link).collect(Collectors.joining())
          : link(1) + link(pages) + "<a href=\"/\">home</a>";
    }

    private static String link(int page) {
      return "<a href=\"/" + page + "\">" + page + "</a> ";
    }

    private static void count(Channel<Message> inbox, int crowd) {
      int requests = 0;
      int inFlight = 0;
      int most = 0;
      List<Reply<Boolean>> held = new ArrayList<>();
      boolean holds = true;
      for (Message message : inbox) {
        switch (message) {
          case Message.Enter(boolean isFirstPage, Reply<Boolean> go) -> {
            requests++;
            inFlight++;
            most = Math.max(most, inFlight);
            if (isFirstPage) {
              go.complete(true);
            } else {
              held.add(go);
            }
            holds = holds && held.size() < crowd;
          }
          case Message.Leave() -> inFlight--;
          case Message.Ask(Reply<Count> reply) -> reply.complete(new Count(requests, most));
        }
        if (!holds) {
          held.forEach(go -> go.complete(true));
          held.clear();
        }
      }
    }
  }
}
