package dev.sluice.bench

import kotlinx.coroutines.Deferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.selects.select
import kotlinx.coroutines.withTimeout
import kotlin.time.Duration.Companion.seconds

/**
 * The shapes on kotlinx.coroutines: written in Kotlin, as its users do, with coroutines on `Dispatchers.Default`, which
 * has as many threads as there are processors. Its `select` takes the first ready clause.
 */
internal class Coroutines : Contestant {

    override fun run(shape: Shape): Long =
        if (shape is Shape.Trying) tryBoth(shape) else runBlocking(Dispatchers.Default) {
            withTimeout(LIMIT) { start(shape).awaitAll().sum() }
        }

    private fun CoroutineScope.start(shape: Shape): List<Deferred<Long>> = when (shape) {
        is Shape.Flow -> flow(shape)
        is Shape.Pairs -> pairs(shape)
        is Shape.Chain -> chain(shape)
        is Shape.PingPong -> pingPong(shape.rounds)
        is Shape.Selecting -> selecting(shape)
        is Shape.Trying -> error("no coroutines take part")
    }

    private fun CoroutineScope.flow(flow: Shape.Flow): List<Deferred<Long>> {
        val channel = Channel<Int>(flow.capacity)
        return List(flow.receivers) { async { receive(channel, flow.values / flow.receivers) } } +
            List(flow.senders) { async { send(channel, flow.values / flow.senders) } }
    }

    private fun CoroutineScope.pairs(pairs: Shape.Pairs): List<Deferred<Long>> = buildList {
        repeat(pairs.pairs) {
            val channel = Channel<Int>()
            add(async { receive(channel, pairs.valuesEach) })
            add(async { send(channel, pairs.valuesEach) })
        }
    }

    private fun CoroutineScope.chain(chain: Shape.Chain): List<Deferred<Long>> = buildList {
        val first = Channel<Int>()
        var last = first
        repeat(chain.stages) {
            val input = last
            val output = Channel<Int>()
            add(async { pass(input, output, chain.values) })
            last = output
        }
        val end = last
        add(async { receive(end, chain.values) })
        add(async { send(first, chain.values) })
    }

    private fun CoroutineScope.pingPong(rounds: Int): List<Deferred<Long>> {
        val ping = Channel<Int>()
        val pong = Channel<Int>()
        return listOf(
            async {
                var sum = 0L
                repeat(rounds) {
                    val value = ping.receive()
                    sum += value
                    pong.send(value)
                }
                sum
            },
            async {
                var sum = 0L
                repeat(rounds) {
                    ping.send(Values.value(it))
                    sum += pong.receive()
                }
                sum
            },
        )
    }

    private fun CoroutineScope.selecting(shape: Shape.Selecting): List<Deferred<Long>> = buildList {
        val each = shape.values / shape.channels
        val from = mutableListOf<Channel<Int>>()
        val to = mutableListOf<Channel<Int>>()
        repeat(shape.channels) {
            val channel = Channel<Int>()
            if (shape.sends(it)) {
                to.add(channel)
                add(async { receive(channel, each) })
            } else {
                from.add(channel)
                add(async { send(channel, each) })
            }
        }
        add(async { select(from, to, shape.values) })
    }

    private suspend fun select(from: List<Channel<Int>>, to: List<Channel<Int>>, values: Int): Long {
        val sent = IntArray(to.size)
        var sum = 0L
        repeat(values) {
            // By index: an iterator would be allocated each round.
            sum += select<Int> {
                for (k in to.indices) {
                    to[k].onSend(Values.value(sent[k])) {
                        sent[k]++
                        0
                    }
                }
                for (k in from.indices) {
                    from[k].onReceive { it }
                }
            }
        }
        return sum
    }

    private fun tryBoth(trying: Shape.Trying): Long {
        val channel = Channel<Int>(trying.capacity)
        var sum = 0L
        repeat(trying.times) {
            check(channel.trySend(Values.value(it)).isSuccess) { "a try failed for no reason" }
            sum += channel.tryReceive().getOrThrow()
        }
        return sum
    }

    private suspend fun send(channel: Channel<Int>, values: Int): Long {
        repeat(values) { channel.send(Values.value(it)) }
        return 0
    }

    private suspend fun receive(channel: Channel<Int>, values: Int): Long {
        var sum = 0L
        repeat(values) { sum += channel.receive() }
        return sum
    }

    private suspend fun pass(input: Channel<Int>, output: Channel<Int>, values: Int): Long {
        repeat(values) { output.send(input.receive()) }
        return 0
    }

    private companion object {
        /** No run takes nearly as long; in one that does, somebody waits for a value that was lost. */
        val LIMIT = 60.seconds
    }
}
