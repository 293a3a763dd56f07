import Glibc

// Waits of tests, each with an end: a test that waits in vain goes on, and fails by what it expects, instead of keeping
// all others from being told.

/// Long on the busiest machine.
private let patience = Duration.seconds(120)

/// Lets other tasks run until the condition holds. False when it does not in time.
package func yields(until condition: () throws -> Bool) async rethrows -> Bool {
    let end = ContinuousClock.now + patience
    while try !condition() {
        guard ContinuousClock.now < end else { return false }
        await Task.yield()
    }
    return true
}

/// Does so on a thread of the test's own, which it blocks.
package func sleeps(until condition: () -> Bool) -> Bool {
    let end = ContinuousClock.now + patience
    while !condition() {
        guard ContinuousClock.now < end else { return false }
        usleep(500)
    }
    return true
}
