/**
 * Every error over gRPC is a status with {@code google.rpc.ErrorInfo}, made of the same {@link
 * dev.sluice.service.ProblemException} that HTTP renders.
 */
@NullMarked
package dev.sluice.service.grpc;

import org.jspecify.annotations.NullMarked;
