internal import Glibc
internal import Synchronization
internal import Wire

/// Serves the files below one folder. A file is read when first asked for, and again when it has changed. Under the
/// version of all files, which pages name, browsers keep what they have got for good.
package final class StaticFiles: Sendable {
    private struct Entry {
        var stamp: FileStamp
        var tag: String
        var bytes: [UInt8]
        var packed: [UInt8]?
    }

    /// Larger files are not served.
    static let fileBytesMax = 16 * 1024 * 1024
    private static let cachedBytesMax = 16 * 1024 * 1024
    /// The bytes of a compressed file's headers: it has to save more. Files are compressed once, not per request, so
    /// that even small ones are worth it.
    private static let packedHeadBytes = 64

    private let root: String
    private let cacheControl: String
    private let cache = Mutex<(entries: [String: Entry], bytes: Int)>(([:], 0))
    private let known = Mutex<StaticTree?>(nil)
    /// The time of the last look at all files, and the nanoseconds until the next.
    private let looked = Mutex<Int64?>(nil)
    private static let lookPause: Int64 = 1_000_000_000

    /// `root` must exist. nil where it does not.
    package init?(root: String, cacheControl: String = "public, max-age=300") {
        guard let path = realPath(root) else { return nil }
        (self.root, self.cacheControl) = (path, cacheControl)
    }

    /// Returns what is in the folder now. All files are looked at, and read where one of them has changed.
    package func tree() -> StaticTree {
        let stamps = StaticTree.stamps(in: root)
        if let tree = known.withLock({ $0 }), tree.stamps == stamps { return tree }
        let tree = StaticTree(of: stamps, in: root)
        known.withLock { $0 = tree }
        return tree
    }

    /// Returns what was in the folder within the last second.
    package func recentTree() -> StaticTree {
        let now = monotonicNow()
        let isRecent = looked.withLock { last in
            if let last, now - last < Self.lookPause { return true }
            last = now
            return false
        }
        if isRecent, let tree = known.withLock({ $0 }) { return tree }
        return tree()
    }

    /// The file that the segments name, or `index.html` in the folder that they name; nil where there is
    /// none, where a segment is hidden (a leading dot), and where a link leads out of the root. Any `version` has what
    /// is there; it may be kept where that is the version that is named.
    package func response(for segments: [String], _ head: RequestHead, version: String? = nil) -> Response? {
        guard let (real, entry) = find(segments) else { return nil }
        var headers = [("Content-Type", contentType(real)), ("X-Content-Type-Options", "nosniff")]
        if let version, isLasting(segments, entry.stamp, version) {
            headers.append(("Cache-Control", "max-age=31536000, immutable"))
        } else {
            headers += [("ETag", entry.tag), ("Cache-Control", version == nil ? cacheControl : "no-cache")]
            if isKnown(entry.tag, to: head) { return Response(status: 304, headers: headers) }
        }
        if head.acceptsGzip, let packed = entry.packed {
            headers += [("Vary", "Accept-Encoding"), ("Content-Encoding", "gzip")]
            return Response(status: 200, headers: headers, body: .bytes(packed))
        }
        // The plain form of a larger one gets its Vary from the server.
        if entry.packed != nil, entry.bytes.count < Response.compressedBytesMin {
            headers.append(("Vary", "Accept-Encoding"))
        }
        return Response(status: 200, headers: headers, body: .bytes(entry.bytes))
    }

    /// The content of the file for which `response(for:)` answers.
    package func bytes(of segments: [String]) -> [UInt8]? { find(segments)?.entry.bytes }

    /// Returns whether the file is as it was when the version was made: one that was written since has a
    /// version to come.
    private func isLasting(_ segments: [String], _ stamp: FileStamp, _ version: String) -> Bool {
        let tree = known.withLock { $0 } ?? tree()
        return tree.version == version && tree.stamps[segments.joined(separator: "/")] == stamp
    }

    private func find(_ segments: [String]) -> (path: String, entry: Entry)? {
        var path = root
        // A trailing slash names the folder.
        for segment in segments.last == "" ? segments.dropLast() : segments[...] {
            guard !segment.isEmpty, !segment.hasPrefix("."),
                !segment.utf8.contains(where: { $0 == 47 || $0 == 92 || $0 == 0 })
            else { return nil }
            path += "/" + segment
        }
        guard var real = realPath(path), isInside(real) else { return nil }
        guard var found = status(real) else { return nil }
        if found.isFolder {
            guard let index = realPath(real + "/index.html"), isInside(index), let page = status(index)
            else { return nil }
            (real, found) = (index, page)
        } else if segments.last == "" {
            return nil
        }
        guard found.isFile, found.stamp.size <= Self.fileBytesMax, let entry = load(real, found.stamp)
        else { return nil }
        return (real, entry)
    }

    private func load(_ path: String, _ stamp: FileStamp) -> Entry? {
        if let entry = cache.withLock({ $0.entries[path] }), entry.stamp == stamp { return entry }
        guard let bytes = readFile(path, stamp.size) else { return nil }
        let packed =
            unsafe isText(contentType(path))
            ? bytes.withUnsafeBytes { unsafe GzipEncoder.encode($0, level: 9)?.bytes }.flatMap {
                $0.count + Self.packedHeadBytes < bytes.count ? $0 : nil
            } : nil
        let entry = Entry(stamp: stamp, tag: entityTag(bytes), bytes: bytes, packed: packed)
        cache.withLock { cache in
            let cost = bytes.count + (packed?.count ?? 0)
            if let old = cache.entries.removeValue(forKey: path) {
                cache.bytes -= old.bytes.count + (old.packed?.count ?? 0)
            }
            guard cost <= Self.cachedBytesMax else { return }
            // Simple and rare: a site's files fit, and then nothing is ever thrown out.
            if cache.bytes + cost > Self.cachedBytesMax { cache = ([:], 0) }
            cache.entries[path] = entry
            cache.bytes += cost
        }
        return entry
    }

    private func isInside(_ path: String) -> Bool {
        path == root || path.hasPrefix(root == "/" ? "/" : root + "/")
    }

    private func status(_ path: String) -> (stamp: FileStamp, isFile: Bool, isFolder: Bool)? {
        var info = stat()
        guard unsafe stat(path, &info) == 0 else { return nil }
        let kind = info.st_mode & S_IFMT
        return (FileStamp(info), kind == S_IFREG, kind == S_IFDIR)
    }
}

extension Response {
    /// Bytes that a client asks about each time, and gets where it does not have them yet.
    package static func revalidated(
        _ bytes: [UInt8], _ head: RequestHead, _ headers: [(String, String)]
    ) -> Response {
        let tag = entityTag(bytes), headers = headers + [("ETag", tag), ("Cache-Control", "no-cache")]
        return isKnown(tag, to: head)
            ? Response(status: 304, headers: headers)
            : Response(status: 200, headers: headers, body: .bytes(bytes))
    }
}

/// A digest of the content, and its length.
private func entityTag(_ bytes: [UInt8]) -> String {
    var hash = FNV()
    hash.add(bytes)
    return "\"\(hash.text)-\(String(bytes.count, radix: 16))\""
}

private func isKnown(_ tag: String, to head: RequestHead) -> Bool {
    head.header("If-None-Match").map { matches($0, tag) } ?? false
}

/// Weak comparison (RFC 9110 §8.8.3.2).
private func matches(_ list: String, _ tag: String) -> Bool {
    list.split(separator: ",").contains { item in
        let item = trimmed(item)
        return item == "*" || item == tag || item == "W/" + tag
    }
}

private func realPath(_ path: String) -> String? {
    guard let resolved = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
}

private func contentType(_ path: String) -> String {
    let name = path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]
    let ending = name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() } ?? ""
    switch ending {
    case "html": return "text/html; charset=utf-8"
    case "css": return "text/css; charset=utf-8"
    case "js", "mjs": return "text/javascript; charset=utf-8"
    case "json", "map": return "application/json"
    case "webmanifest": return "application/manifest+json"
    case "yaml", "yml": return "application/yaml"
    case "svg": return "image/svg+xml"
    case "png": return "image/png"
    case "jpg", "jpeg": return "image/jpeg"
    case "gif": return "image/gif"
    case "webp": return "image/webp"
    case "ico": return "image/x-icon"
    case "woff2": return "font/woff2"
    case "wasm": return "application/wasm"
    case "pdf": return "application/pdf"
    case "txt": return "text/plain; charset=utf-8"
    case "md": return "text/markdown; charset=utf-8"
    case "csv": return "text/csv; charset=utf-8"
    case "xml": return "application/xml"
    default: return "application/octet-stream"
    }
}
