internal import CAVFormat

/// The pictures of a film, at an even pace.
@safe struct FilmPictures {
    static let encoderName = "libx264"

    let stream: FilmStream
    private let encoder: FilmEncoder
    private let lib: bureau_av_making
    private let plan: FilmMaking
    /// The picture's turn against the clock, in quarters.
    private let quarters: Int
    private let rate: AVRational
    private let count: Int
    private var written = 0
    /// The newest picture, as it was read, and as it is written.
    private let held: UnsafeMutablePointer<AVFrame>, scaled: UnsafeMutablePointer<AVFrame>
    private let turned: UnsafeMutablePointer<AVFrame>
    private var heldAt = 0.0, isHeld = false, isScaled = false
    private var scaler: (context: OpaquePointer, of: [Int32])?

    var isDone: Bool { written >= count }

    init(
        _ stream: FilmStream, _ plan: FilmMaking, _ film: UnsafeMutablePointer<AVFormatContext>,
        _ av: UnsafeMutablePointer<bureau_av>, _ lib: bureau_av_making
    ) throws(MediaFault) {
        (self.stream, self.plan, self.lib) = (stream, plan, lib)
        let matrix = unsafe av.pointee.side_data(stream.stream, AV_PKT_DATA_DISPLAYMATRIX, nil)
        let turn = unsafe matrix.map { matrix in
            unsafe matrix.withMemoryRebound(to: Int32.self, capacity: 9) { unsafe av.pointee.rotation($0) }
        }
        quarters = Int(((turn ?? 0) / 90).rounded()) & 3
        // Rates of television are whole ones slowed by a thousandth.
        let isWhole = abs(plan.frameRate - plan.frameRate.rounded()) < 0.005
        rate =
            isWhole
            ? AVRational(num: Int32(plan.frameRate.rounded()), den: 1)
            : AVRational(num: Int32((plan.frameRate * 1001).rounded()), den: 1001)
        count = max(1, Int((plan.seconds * Double(rate.num) / Double(rate.den)).rounded()))
        let pace = rate
        // Each picture is written in its turn: without a list of edits there is no place for others.
        let options = ["preset": "veryfast", "crf": "21", "bf": "0"]
        encoder = try unsafe FilmEncoder(Self.encoderName, film, lib, options: options) { codec in
            unsafe (codec.pointee.width, codec.pointee.height) = (Int32(plan.width), Int32(plan.height))
            unsafe codec.pointee.pix_fmt = AV_PIX_FMT_YUV420P
            unsafe codec.pointee.time_base = AVRational(num: pace.den, den: pace.num)
            unsafe codec.pointee.framerate = pace
            unsafe codec.pointee.gop_size = max(2, 2 * pace.num / pace.den)
            unsafe codec.pointee.rc_max_rate = Int64(plan.bitRateMax)
            unsafe codec.pointee.rc_buffer_size = Int32(plan.bitRateMax)
            unsafe codec.pointee.thread_count = 2
        }
        guard let held = lib.frame_alloc(), let scaled = lib.frame_alloc(),
            let turned = lib.frame_alloc()
        else { throw .costly }
        unsafe (self.held, self.scaled, self.turned) = (held, scaled, turned)
        let isOnItsSide = quarters % 2 == 1
        try unsafe Self.size(
            scaled, lib, isOnItsSide ? plan.height : plan.width, isOnItsSide ? plan.width : plan.height)
        try unsafe Self.size(turned, lib, plan.width, plan.height)
    }

    private static func size(
        _ frame: UnsafeMutablePointer<AVFrame>, _ lib: bureau_av_making, _ width: Int, _ height: Int
    ) throws(MediaFault) {
        unsafe (frame.pointee.width, frame.pointee.height) = (Int32(width), Int32(height))
        unsafe frame.pointee.format = AV_PIX_FMT_YUV420P.rawValue
        guard unsafe lib.frame_buffer(frame, 0) >= 0 else { throw .costly }
    }

    /// Takes the next picture, which stands from `time` on, in seconds of the part.
    mutating func take(_ frame: UnsafeMutablePointer<AVFrame>, at time: Double) throws(MediaFault) {
        if isHeld { try write(until: time) }
        unsafe lib.frame_unref(held)
        unsafe lib.frame_move(held, frame)
        (heldAt, isHeld, isScaled) = (time, true, false)
    }

    mutating func end() throws(MediaFault) {
        guard isHeld else { throw .damaged }
        // The last picture stands through the end, which is not far away where the film is whole; one stands at least.
        try write(until: max(heldAt + 1, Double(rate.den) / Double(rate.num)))
        try unsafe encoder.write(nil)
    }

    /// Writes the held picture for each moment before `time`.
    private mutating func write(until time: Double) throws(MediaFault) {
        while !isDone, Double(written) * Double(rate.den) / Double(rate.num) < time - 0.0005 {
            if !isScaled { try scale() }
            let frame = unsafe quarters == 0 ? scaled : turned
            unsafe frame.pointee.pts = Int64(written)
            try unsafe encoder.write(frame)
            written += 1
        }
    }

    /// Cuts the middle out of the held picture, makes it smaller and turns it upright.
    private mutating func scale() throws(MediaFault) {
        let (width, height) = unsafe (Int(held.pointee.width), Int(held.pointee.height))
        let isOnItsSide = quarters % 2 == 1
        let cut = isOnItsSide ? (plan.cutHeight, plan.cutWidth) : (plan.cutWidth, plan.cutHeight)
        let (across, down) = (max(0, width - cut.0), max(0, height - cut.1))
        unsafe (held.pointee.crop_left, held.pointee.crop_right) = (across / 2, across - across / 2)
        unsafe (held.pointee.crop_top, held.pointee.crop_bottom) = (down / 2, down - down / 2)
        guard unsafe lib.frame_crop(held, Int32(bureau_crop_unaligned)) >= 0 else { throw .damaged }
        let of = unsafe [held.pointee.width, held.pointee.height, held.pointee.format]
        if unsafe scaler?.of != of {
            let context = unsafe lib.scaler(
                of[0], of[1], AVPixelFormat(rawValue: of[2]), scaled.pointee.width, scaled.pointee.height,
                AV_PIX_FMT_YUV420P, SWS_BICUBIC, nil, nil, nil)
            guard let context = unsafe context else { throw .damaged }
            unsafe scaler = (context, of)
        }
        guard let scaler = unsafe scaler, unsafe lib.frame_writable(scaled) >= 0,
            unsafe lib.scale(scaler.context, scaled, held) >= 0
        else { throw .damaged }
        isScaled = true
        guard quarters != 0 else { return }
        guard unsafe lib.frame_writable(turned) >= 0 else { throw .costly }
        turn()
    }

    private func turn() {
        for plane in 0..<3 {
            guard let from = unsafe scaled.pointee.extended_data[plane],
                let into = unsafe turned.pointee.extended_data[plane]
            else { return }
            let (fromLine, intoLine) =
                unsafe plane == 0
                ? (scaled.pointee.linesize.0, turned.pointee.linesize.0)
                : plane == 1
                    ? (scaled.pointee.linesize.1, turned.pointee.linesize.1)
                    : (scaled.pointee.linesize.2, turned.pointee.linesize.2)
            let (width, height) = plane == 0 ? (plan.width, plan.height) : (plan.width / 2, plan.height / 2)
            for y in 0..<height {
                for x in 0..<width {
                    let (column, row) =
                        switch quarters {
                        case 1: (height - 1 - y, x)
                        case 2: (width - 1 - x, height - 1 - y)
                        default: (y, width - 1 - x)
                        }
                    unsafe into[y * Int(intoLine) + x] = from[row * Int(fromLine) + column]
                }
            }
        }
    }
}
