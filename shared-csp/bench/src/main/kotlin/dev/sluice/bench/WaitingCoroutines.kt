package dev.sluice.bench

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking

/** So many coroutines that wait to receive from one rendezvous channel, until closed. */
internal class WaitingCoroutines(val count: Int) : AutoCloseable {
    private val job = Job()
    private val scope = CoroutineScope(Dispatchers.Default + job)
    private val channel = Channel<Int>()

    init {
        // Undispatched: each runs on this thread until it waits.
        repeat(count) { scope.launch(start = CoroutineStart.UNDISPATCHED) { channel.receive() } }
    }

    /** Waits for their end, which takes a moment on other threads. */
    override fun close() = runBlocking { job.cancelAndJoin() }
}
