package dev.sluice.mesh.bench;

import dev.sluice.mesh.grpc.MeshGrpc;
import dev.sluice.mesh.grpc.PipelineAnswer;
import dev.sluice.mesh.grpc.PipelineEntry;
import dev.sluice.mesh.grpc.PipelineRequest;
import dev.sluice.mesh.grpc.PipelineResponse;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The floor: a program that answers the requests of a stream itself, with messages as large as the
 * mesh's. It says its port.
 */
final class Echo extends MeshGrpc.MeshImplBase {

  /** Runs until its input ends. */
  public static void main(String[] args) throws IOException {
    Server server = ServerBuilder.forPort(0).addService(new Echo()).build().start();
    System.out.println(server.getPort());
    System.out.flush();
    System.in.transferTo(OutputStream.nullOutputStream());
    server.shutdownNow();
  }

  @Override
  public StreamObserver<PipelineRequest> pipeline(StreamObserver<PipelineResponse> answers) {
    return new StreamObserver<>() {
      @Override
      public void onNext(PipelineRequest request) {
        var response = PipelineResponse.newBuilder();
        for (PipelineEntry entry : request.getEntriesList()) {
          response.addAnswers(
              PipelineAnswer.newBuilder()
                  .setNumber(entry.getNumber())
                  .setShard(1)
                  .setWorker("worker-0")
                  .setEpoch(1)
                  .setReply(entry.getRequest().getPayload()));
        }
        answers.onNext(response.build());
      }

      @Override
      public void onError(Throwable broken) {}

      @Override
      public void onCompleted() {
        answers.onCompleted();
      }
    };
  }

  /** The program, as a process of its own. */
  static final class Running implements AutoCloseable {
    private final Process process;
    private final int port;

    private Running(Process process, int port) {
      this.process = process;
      this.port = port;
    }

    static Running start() throws IOException {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx512m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Echo.class.getName())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String port = process.inputReader().readLine();
      if (port == null) {
        throw new IOException("the echo has ended");
      }
      return new Running(process, Integer.parseInt(port));
    }

    int port() {
      return port;
    }

    @Override
    public void close() {
      process.destroy();
      try {
        process.onExit().get(30, TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException stuck) {
        process.destroyForcibly();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
