internal import CAVFormat

/// The sound of a film: two channels at most, 48,000 times a second.
@safe struct FilmSound {
    static let encoderName = "aac"
    private static let rate = 48_000
    /// Silence before the first sound is no longer, in seconds.
    private static let silenceMax = 60.0

    let stream: FilmStream
    private let encoder: FilmEncoder
    private let lib: bureau_av_making
    private let resampler: OpaquePointer
    private let waiting: OpaquePointer
    private let frame: UnsafeMutablePointer<AVFrame>
    private let count: Int
    private var begun = false, taken = 0, written = 0
    /// The samples before the part that are still to be left out.
    private var early = 0

    var isDone: Bool { taken >= count }

    init(
        _ stream: FilmStream, _ plan: FilmMaking, _ film: UnsafeMutablePointer<AVFormatContext>,
        _ lib: bureau_av_making
    ) throws(MediaFault) {
        (self.stream, self.lib) = (stream, lib)
        count = max(1, Int(plan.seconds * Double(Self.rate)))
        let decoder = unsafe stream.decoder
        if unsafe decoder.pointee.ch_layout.nb_channels < 1 { throw .damaged }
        if unsafe decoder.pointee.ch_layout.order == AV_CHANNEL_ORDER_UNSPEC {
            unsafe lib.layout_default(&decoder.pointee.ch_layout, decoder.pointee.ch_layout.nb_channels)
        }
        let channels = unsafe min(decoder.pointee.ch_layout.nb_channels, 2)
        encoder = try unsafe FilmEncoder(Self.encoderName, film, lib) { codec in
            unsafe lib.layout_default(&codec.pointee.ch_layout, channels)
            unsafe codec.pointee.sample_rate = Int32(Self.rate)
            unsafe codec.pointee.sample_fmt = AV_SAMPLE_FMT_FLTP
            unsafe codec.pointee.time_base = AVRational(num: 1, den: Int32(Self.rate))
            unsafe codec.pointee.bit_rate = Int64(FilmRecipe.audioBitRate)
        }
        var resampler = unsafe OpaquePointer?.none
        let asked = unsafe lib.resampler(
            &resampler, &encoder.codec.pointee.ch_layout, AV_SAMPLE_FMT_FLTP, Int32(Self.rate),
            &decoder.pointee.ch_layout, decoder.pointee.sample_fmt, decoder.pointee.sample_rate, 0, nil)
        guard asked >= 0, let resampler = unsafe resampler, unsafe lib.resampler_begin(resampler) >= 0,
            let waiting = lib.fifo_alloc(AV_SAMPLE_FMT_FLTP, channels, 4096),
            let frame = lib.frame_alloc()
        else { throw .damaged }
        unsafe (self.resampler, self.waiting, self.frame) = (resampler, waiting, frame)
        unsafe frame.pointee.nb_samples = encoder.codec.pointee.frame_size
        unsafe frame.pointee.format = AV_SAMPLE_FMT_FLTP.rawValue
        unsafe frame.pointee.sample_rate = Int32(Self.rate)
        unsafe lib.layout_default(&frame.pointee.ch_layout, channels)
        guard unsafe lib.frame_buffer(frame, 0) >= 0 else { throw .costly }
    }

    /// Takes the next piece, which begins at `time`, in seconds of the part.
    mutating func take(_ piece: UnsafeMutablePointer<AVFrame>, at time: Double) throws(MediaFault) {
        if !begun {
            begun = true
            let place = Int(min(time, Self.silenceMax) * Double(Self.rate))
            early = max(0, -place)
            try keepSilence(max(0, place))
        }
        let most = unsafe lib.resampled_most(resampler, piece.pointee.nb_samples)
        try unsafe keep(most) { [lib, resampler] room in
            let from = unsafe UnsafeMutableRawPointer(piece.pointee.extended_data)?
                .assumingMemoryBound(to: UnsafePointer<UInt8>?.self)
            return unsafe lib.resample(resampler, room, most, from, piece.pointee.nb_samples)
        }
        try write(isLast: false)
    }

    mutating func end() throws(MediaFault) {
        let most = unsafe lib.resampled_most(resampler, 0)
        if begun, most > 0 {
            try unsafe keep(most) { [lib, resampler] room in
                unsafe lib.resample(resampler, room, most, nil, 0)
            }
        }
        try write(isLast: true)
        try unsafe encoder.write(nil)
    }

    private mutating func keepSilence(_ count: Int) throws(MediaFault) {
        var left = count
        while left > 0 {
            let some = min(left, 4096)
            // Samples are 0 where nothing is put.
            try unsafe keep(Int32(some)) { _ in Int32(some) }
            left -= some
        }
        try write(isLast: false)
    }

    /// Keeps what `fill` puts into room for so many samples, without what is too early or too late.
    private mutating func keep(
        _ most: Int32, _ fill: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>) -> Int32
    ) throws(MediaFault) {
        let channels = unsafe Int(frame.pointee.ch_layout.nb_channels), width = Int(most) * 4
        guard most > 0 else { return }
        let room = UnsafeMutablePointer<UInt8>.allocate(capacity: channels * width)
        unsafe room.initialize(repeating: 0, count: channels * width)
        defer { unsafe room.deallocate() }
        var planes = unsafe (0..<8).map { unsafe $0 < channels ? room + $0 * width : nil }
        let filled = unsafe Int(fill(&planes))
        guard filled > 0 else { return }
        let skipped = min(early, filled)
        early -= skipped
        let kept = min(filled - skipped, count - taken)
        guard kept > 0 else { return }
        var pointers = unsafe planes.map {
            unsafe $0.map { unsafe UnsafeMutableRawPointer($0 + skipped * 4) }
        }
        guard unsafe lib.fifo_write(waiting, &pointers, Int32(kept)) >= 0 else { throw .costly }
        taken += kept
    }

    private mutating func write(isLast: Bool) throws(MediaFault) {
        let size = unsafe encoder.codec.pointee.frame_size
        while unsafe lib.fifo_size(waiting) >= (isLast ? 1 : size) {
            guard unsafe lib.frame_writable(frame) >= 0 else { throw .costly }
            let some = unsafe min(size, lib.fifo_size(waiting))
            unsafe frame.pointee.nb_samples = some
            let planes = unsafe UnsafeMutableRawPointer(frame.pointee.extended_data)!
                .assumingMemoryBound(to: UnsafeMutableRawPointer?.self)
            guard unsafe lib.fifo_read(waiting, planes, some) == some else { throw .damaged }
            unsafe frame.pointee.pts = Int64(written)
            written += Int(some)
            try unsafe encoder.write(frame)
        }
    }
}
