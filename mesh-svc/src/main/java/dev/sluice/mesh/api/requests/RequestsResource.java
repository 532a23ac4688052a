package dev.sluice.mesh.api.requests;

import dev.sluice.service.rest.Http;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;

/** {@code /requests}. */
@Path("/requests")
@Produces(MediaType.APPLICATION_JSON)
public class RequestsResource {
  private final Requests requests;
  private final CurrentVertxRequest current;

  @Inject
  RequestsResource(Requests requests, CurrentVertxRequest current) {
    this.requests = requests;
    this.current = current;
  }

  /** Runs a request at the owner of its key. */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Run an operation at the owner of a key", operationId = "request")
  @APIResponse(
      responseCode = "200",
      description = "The owner's reply",
      content = @Content(schema = @Schema(implementation = MeshAnswer.class)))
  @APIResponse(
      responseCode = "202",
      description = "Accepted, with a wait of 0; Location is where its outcome will be",
      content = @Content(schema = @Schema(implementation = MeshAnswer.class)))
  @APIResponse(
      responseCode = "400",
      description = "The request is not valid, or the operation cannot run it")
  @APIResponse(responseCode = "409", description = "The id belongs to another request")
  @APIResponse(
      responseCode = "503",
      description = "Not now, or not at this process; Retry-After says when to try again")
  @APIResponse(
      responseCode = "504",
      description = "No reply within the wait, and the request may still be run; or given up")
  public CompletionStage<RestResponse<MeshAnswer>> request(MeshRequest request) {
    return Http.answer(
        current.getCurrent(), requests.request(request).thenApply(RequestsResource::response));
  }

  /** Tells what has become of a request. */
  @GET
  @Path("/{id}")
  @Operation(summary = "Look for a request by its id", operationId = "findRequest")
  @APIResponse(
      responseCode = "200",
      description = "It is in flight, or done with a reply or a problem",
      content = @Content(schema = @Schema(implementation = MeshAnswer.class)))
  @APIResponse(responseCode = "400", description = "No request can have this id")
  @APIResponse(responseCode = "404", description = "It was never accepted, or has been forgotten")
  @APIResponse(
      responseCode = "503",
      description = "Not now, or not at this process; Retry-After says when to try again")
  public CompletionStage<MeshAnswer> find(@RestPath String id) {
    return Http.answer(current.getCurrent(), requests.find(id));
  }

  private static RestResponse<MeshAnswer> response(MeshAnswer answer) {
    if (answer.inFlight()) {
      return RestResponse.ResponseBuilder.create(RestResponse.Status.ACCEPTED, answer)
          .header("Location", "/requests/" + segment(answer.id()))
          .build();
    }
    return RestResponse.ResponseBuilder.ok(answer)
        .header("Sluice-Shard", answer.shard())
        .header("Sluice-Worker", answer.worker())
        .header("Sluice-Epoch", answer.epoch())
        .build();
  }

  private static String segment(String id) {
    return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
