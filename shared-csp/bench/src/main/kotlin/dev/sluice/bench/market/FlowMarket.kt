package dev.sluice.bench.market

import java.util.concurrent.atomic.AtomicLong
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.filter
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.mapNotNull
import kotlinx.coroutines.flow.merge
import kotlinx.coroutines.flow.transform
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking

/** The same stages as flows of kotlinx.coroutines, with a buffer, and so a coroutine, between each two. */
class FlowMarket : Contestant {
    private val aggregated = AtomicLong()

    override fun ticksPerSecond(warmUpSeconds: Int, seconds: Int): Double = runBlocking(Dispatchers.Default) {
        val pipeline = launch { bars().collect {} }
        delay(1_000L * warmUpSeconds)
        val from = aggregated.get()
        val begin = System.nanoTime()
        delay(1_000L * seconds)
        val perSecond = 1e9 * (aggregated.get() - from) / (System.nanoTime() - begin)
        pipeline.cancelAndJoin()
        perSecond
    }

    private fun bars(): Flow<Any> {
        val opened = System.currentTimeMillis()
        val normalised = (0 until Parts.NORMALISERS).map { part ->
            val gates = (0 until Parts.SOURCES).filter { it % Parts.NORMALISERS == part }.map { gate(it, opened) }
            val reader = Parts.Reader()
            merge(*gates.toTypedArray()).buffer(Parts.CAPACITY).mapNotNull { reader.read(it) }
        }
        val aggregate = Parts.Aggregate(opened)
        return merge(*normalised.toTypedArray()).buffer(Parts.CAPACITY)
            .filter { Parts.passes(it) }.buffer(Parts.CAPACITY)
            .transform { tick ->
                if (aggregate.add(tick)) {
                    var bar = aggregate.bar()
                    while (bar != null) {
                        emit(bar as Any)
                        bar = aggregate.bar()
                    }
                }
                if (aggregate.seen() % Parts.PER_LOOK == 0L) {
                    aggregated.set(aggregate.seen())
                }
            }.buffer(Parts.BARS)
    }

    private fun gate(index: Int, opened: Long): Flow<dev.sluice.market.model.RawTick> {
        val lines = Parts.Lines(index, opened)
        val gate = Parts.In()
        return flow {
            while (true) {
                emit(lines.next())
            }
        }.buffer(Parts.CAPACITY).filter { gate.admits() }
    }
}
