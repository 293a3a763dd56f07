internal import CPango

/// A picture, decoded.
@safe final class Logo {
    let surface: OpaquePointer
    let width: Int, height: Int

    static let bytesMax = 2 << 20, sideMax = 4000

    init(_ png: [UInt8]) throws(DocumentError) {
        guard png.count <= Self.bytesMax else { throw .logo("larger than 2 MiB") }
        guard let (width, height) = Self.size(png) else { throw .logo("not a PNG") }
        // Few bytes can say that they are many pixels.
        guard (1...Self.sideMax).contains(width), (1...Self.sideMax).contains(height) else {
            throw .logo("\(width) × \(height) pixels")
        }
        let input = Input(png)
        let surface = unsafe cairo_image_surface_create_from_png_stream(
            { context, bytes, count in
                guard let context = unsafe context, let bytes = unsafe bytes else {
                    return CAIRO_STATUS_READ_ERROR
                }
                let input = unsafe Unmanaged<Input>.fromOpaque(context).takeUnretainedValue()
                guard input.rest.count >= Int(count) else { return CAIRO_STATUS_READ_ERROR }
                _ = unsafe UnsafeMutableBufferPointer(start: bytes, count: Int(count))
                    .update(fromContentsOf: input.rest.prefix(Int(count)))
                input.rest.removeFirst(Int(count))
                return CAIRO_STATUS_SUCCESS
            }, Unmanaged.passUnretained(input).toOpaque())!
        let status = unsafe cairo_surface_status(surface)
        guard withExtendedLifetime(input, { status == CAIRO_STATUS_SUCCESS }) else {
            unsafe cairo_surface_destroy(surface)
            throw .logo("a broken PNG")
        }
        unsafe self.surface = surface
        (self.width, self.height) = (width, height)
    }

    deinit { unsafe cairo_surface_destroy(surface) }

    /// Returns the largest size that is no wider and no higher.
    func size(width: Double, height: Double) -> (width: Double, height: Double) {
        let scale = min(width / Double(self.width), height / Double(self.height))
        return (Double(self.width) * scale, Double(self.height) * scale)
    }

    private final class Input {
        var rest: ArraySlice<UInt8>
        init(_ bytes: [UInt8]) { rest = bytes[...] }
    }

    /// As the file's first chunk says (PNG §11.2.2).
    private static func size(_ png: [UInt8]) -> (Int, Int)? {
        let mark: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        guard png.count > 33, png.starts(with: mark) else { return nil }
        func number(_ at: Int) -> Int { png[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
        return (number(16), number(20))
    }
}
