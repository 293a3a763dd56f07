internal import CMalloc

/// Keeps some megabytes that were freed for the next request. A calendar's month of 2 MB was given back to the system
/// after each answer, and to have it again, page by page, took a quarter of the next one's time.
func keepFreedMemory() {
    _ = mallopt(M_MMAP_THRESHOLD, 4 << 20)
    _ = mallopt(M_TRIM_THRESHOLD, 8 << 20)
}

/// Gives back memory that the start needed, and that nothing needs while nobody asks for anything: freed memory, and
/// pages of code and constants, which are read again from the file's cached pages where they are used again.
func giveMemoryBack() {
    _ = malloc_trim(0)
    bureau_drop_segments()
}

/// Identifies this very program: what the linker has made of its content, or `nil` where it was not told to.
func programIdentity() -> String? {
    var letters = [CChar](repeating: 0, count: 128)
    let count = Int(bureau_build_id(&letters, Int32(letters.count)))
    return count == 0 ? nil : String(decoding: letters[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
