package dev.sluice.pool.api.queues;

import dev.sluice.pool.api.jobs.JobsAnswer;
import dev.sluice.pool.api.jobs.JobsOperation;
import dev.sluice.pool.api.jobs.Limit;
import dev.sluice.pool.api.jobs.ListRequest;
import dev.sluice.service.Pending;
import dev.sluice.service.rest.Http;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** {@code /queues}: look and steer. */
@Path("/queues")
@Produces(MediaType.APPLICATION_JSON)
@APIResponse(responseCode = "400", description = "The request is not valid")
@APIResponse(responseCode = "503", description = "Overloaded or without its engine")
public class QueuesResource {
  private final QueuesOperation operation;
  private final JobsOperation jobs;
  private final CurrentVertxRequest current;

  @Inject
  QueuesResource(QueuesOperation operation, JobsOperation jobs, CurrentVertxRequest current) {
    this.operation = operation;
    this.jobs = jobs;
    this.current = current;
  }

  /** Tells of all queues. */
  @GET
  @Operation(summary = "List queues", operationId = "listQueues")
  @APIResponse(responseCode = "200", description = "All of them, by name")
  public CompletionStage<QueuesAnswer> queues() {
    return answer(operation.queues());
  }

  /** Tells how a queue works, and how it stands. */
  @GET
  @Path("/{queue}")
  @Operation(summary = "Look at a queue", operationId = "getQueue")
  @APIResponse(responseCode = "200", description = "The queue as it is now")
  @APIResponse(responseCode = "404", description = "There is none of this name")
  public CompletionStage<QueueAnswer> queue(@RestPath String queue) {
    return answer(operation.queue(queue));
  }

  /** Makes a queue or changes it: what is not said is as for one that nobody has configured. */
  @PUT
  @Path("/{queue}")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Make or change a queue", operationId = "configureQueue")
  @APIResponse(responseCode = "200", description = "The queue as it is now")
  @APIResponse(responseCode = "409", description = "It has jobs, and its kind would change")
  public CompletionStage<QueueAnswer> configure(@RestPath String queue, Optional<QueueBody> body) {
    return answer(operation.configure(queue, body.orElse(QueueBody.NONE)));
  }

  /** Deletes a queue that has no jobs. */
  @DELETE
  @Path("/{queue}")
  @Operation(summary = "Delete a queue", operationId = "deleteQueue")
  @APIResponse(responseCode = "204", description = "It is not there")
  @APIResponse(responseCode = "409", description = "It has jobs, perhaps finished ones")
  public CompletionStage<RestResponse<Void>> remove(@RestPath String queue) {
    return done(operation.remove(queue));
  }

  /** Stops handing out jobs; those in hand go on, and more are accepted. */
  @POST
  @Path("/{queue}/pause")
  @Operation(summary = "Pause a queue", operationId = "pauseQueue")
  @APIResponse(responseCode = "204", description = "No jobs are handed out")
  public CompletionStage<RestResponse<Void>> pause(@RestPath String queue) {
    return done(operation.pause(queue, true));
  }

  /** Hands out jobs again. */
  @POST
  @Path("/{queue}/resume")
  @Operation(summary = "Resume a queue", operationId = "resumeQueue")
  @APIResponse(responseCode = "204", description = "Jobs are handed out")
  public CompletionStage<RestResponse<Void>> resume(@RestPath String queue) {
    return done(operation.pause(queue, false));
  }

  /** Deletes the jobs that are neither finished nor running. */
  @POST
  @Path("/{queue}/purge")
  @Operation(summary = "Delete a queue's waiting jobs", operationId = "purgeQueue")
  @APIResponse(responseCode = "200", description = "How many there were")
  public CompletionStage<CountAnswer> purge(@RestPath String queue) {
    return answer(operation.purge(queue, false));
  }

  /** Lists failed jobs, the last accepted first. */
  @GET
  @Path("/{queue}/dead")
  @Operation(summary = "List dead letters", operationId = "listDeadLetters")
  @APIResponse(responseCode = "200", description = "A page of them")
  public CompletionStage<JobsAnswer> dead(
      @RestPath String queue,
      @RestQuery @Nullable String limit,
      @RestQuery @Nullable String cursor) {
    return answer(
        jobs.list(new ListRequest(queue, List.of("failed"), null, Limit.parse(limit), cursor)));
  }

  /** Lets all failed jobs begin anew, the oldest first, as far as there is room. */
  @POST
  @Path("/{queue}/dead/redrive")
  @Operation(summary = "Redrive dead letters", operationId = "redriveDeadLetters")
  @APIResponse(responseCode = "200", description = "How many begin")
  public CompletionStage<CountAnswer> redrive(@RestPath String queue) {
    return answer(operation.redrive(queue));
  }

  /** Deletes all failed jobs. */
  @POST
  @Path("/{queue}/dead/purge")
  @Operation(summary = "Delete dead letters", operationId = "purgeDeadLetters")
  @APIResponse(responseCode = "200", description = "How many there were")
  public CompletionStage<CountAnswer> purgeDead(@RestPath String queue) {
    return answer(operation.purge(queue, true));
  }

  private <T> CompletionStage<T> answer(Pending<T> pending) {
    return Http.answer(current.getCurrent(), pending);
  }

  private CompletionStage<RestResponse<Void>> done(Pending<String> pending) {
    return answer(pending.thenApply(_ -> RestResponse.noContent()));
  }
}
