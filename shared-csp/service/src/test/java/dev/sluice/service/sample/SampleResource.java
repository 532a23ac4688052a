package dev.sluice.service.sample;

import dev.sluice.service.Inputs;
import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A resource as the services have them, and one that fails in every way. */
@Path("/samples")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class SampleResource {
  private final Inputs inputs;

  SampleResource(Inputs inputs) {
    this.inputs = inputs;
  }

  /** Answers with what it was given. */
  @POST
  public CompletionStage<SampleRequest> take(SampleRequest request) {
    return CompletableFuture.completedFuture(inputs.valid(request));
  }

  @POST
  @Path("/annotated")
  public SampleRequest annotated(@Valid SampleRequest request) {
    return request;
  }

  @GET
  @Path("/{id}")
  public SampleRequest.Limit get(String id) {
    inputs.key("id", id);
    return new SampleRequest.Limit(1, Duration.ofMillis(1500));
  }

  /** Takes longer than a body may. */
  @GET
  @Path("/slow/{id}")
  public CompletionStage<SampleRequest.Limit> slow(String id) {
    var later = CompletableFuture.delayedExecutor(2, TimeUnit.SECONDS);
    return CompletableFuture.supplyAsync(() -> get(id), later);
  }

  /** As {@link #slow}. */
  @POST
  @Path("/slow/{id}")
  @Consumes(MediaType.WILDCARD)
  public CompletionStage<SampleRequest.Limit> slowPost(String id) {
    return slow(id);
  }

  @DELETE
  @Path("/{id}")
  public void delete(String id) {
    inputs.key("id", id);
  }

  @GET
  @Path("/failures/problem")
  public String problem() {
    throw limited();
  }

  @GET
  @Path("/failures/stage")
  public CompletionStage<String> stage() {
    return CompletableFuture.failedFuture(new CompletionException(limited()));
  }

  @GET
  @Path("/failures/unexpected")
  public String unexpected() {
    throw new IllegalStateException("secret: 42");
  }

  @GET
  @Path("/failures/return")
  @NotNull
  public String invalidReturn() {
    return null;
  }

  static ProblemException limited() {
    return new ProblemException(ProblemType.RATE_LIMITED, "key \"user:42\" has no permit left")
        .with("remaining", 0)
        .header("RateLimit", "\"default\";r=0;t=1")
        .retryAfter(Duration.ofMillis(1001));
  }
}
