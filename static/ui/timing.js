/**
 * Calls `action` at most once in `interval` ms, never while it is still at it, and once more after the last call
 * meanwhile.
 */
export function throttled(interval, action, signal) {
    let isResting = false, isDue = false;
    const run = async () => {
        if (!isDue || signal?.aborted) return;
        isDue = false;
        isResting = true;
        try {
            await action();
        } finally {
            setTimeout(() => {
                isResting = false;
                run();
            }, interval);
        }
    };
    return () => {
        isDue = true;
        if (!isResting) run();
    };
}
