package dev.sluice.bench

import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.runBlocking

/** Channels of kotlinx.coroutines for threads: to look at, not to measure, for each wait blocks a thread. */
internal class CoroutineMedium : Medium<CoroutinePipe> {
    override fun pipe(capacity: Int) = CoroutinePipe(Channel(capacity))
}

internal class CoroutinePipe(private val channel: Channel<Int>) : Pipe {
    override fun channel(): Any = channel

    override fun send(value: Int) = runBlocking { channel.send(value) }

    override fun receive(): Int = runBlocking { channel.receive() }
}
