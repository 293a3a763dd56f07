internal import CSQLite

/// The page cache of a connection: its size, and the pages since it last grew that it did not hold.
struct SQLiteCache {
    fileprivate(set) var kilobytes: Int
    fileprivate var pagesOutside = 0

    init(kilobytes: Int) { self.kilobytes = kilobytes }
}

extension SQLiteConnection {
    /// Tells how often a page was in the cache since the last time, and gives the cache the size that it is to have.
    func settleCache(_ memory: DatabaseMemory) {
        memory.count(hits: count(SQLITE_DBSTATUS_CACHE_HIT), misses: count(SQLITE_DBSTATUS_CACHE_MISS))
        if let wanted = memory.kilobytes { setCache(wanted) }
    }

    /// Doubles the cache, up to a size, once as many pages as it holds were read from the file, or did not fit.
    func growCache(upTo most: Int) {
        guard cache.kilobytes < most else { return }
        cache.pagesOutside += count(SQLITE_DBSTATUS_CACHE_MISS) + count(SQLITE_DBSTATUS_CACHE_SPILL)
        guard cache.pagesOutside * Int(SQLiteFile.pageSize_bytes) >= cache.kilobytes * 1024 else { return }
        cache.pagesOutside = 0
        setCache(min(most, cache.kilobytes * 2))
    }

    private func setCache(_ kilobytes: Int) {
        guard kilobytes != cache.kilobytes else { return }
        try? execute("PRAGMA cache_size = -\(kilobytes)")  // It stays as it was where this fails.
        cache.kilobytes = kilobytes
    }

    /// Returns how often something happened since this was asked last.
    private func count(_ event: Int32) -> Int {
        var count: Int32 = 0, highest: Int32 = 0
        unsafe sqlite3_db_status(handle, event, &count, &highest, 1)
        return Int(count)
    }
}
