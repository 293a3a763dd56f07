internal import CAVFormat
internal import Glibc
internal import JSON

/// Makes films fit: reads the pictures and the sound of a part, and writes them anew. It lives in a process of its own
/// (`MediaChild`), which ends with it: nothing of what the libraries have opened is closed here.
@safe struct FilmMaker {
    private let reader: FilmReader
    private let making: UnsafeMutablePointer<bureau_av_making>

    init() throws(LibraryMissing) {
        reader = try FilmReader()
        unsafe making = .allocate(capacity: 1)
        if let words = unsafe bureau_av_load_making(making) {
            throw unsafe LibraryMissing(what: String(cString: words))
        }
        for name in [FilmPictures.encoderName, FilmSound.encoderName]
        where unsafe making.pointee.find_encoder(name) == nil {
            throw LibraryMissing(what: "libavcodec has no encoder \(name)")
        }
    }

    var version: String { reader.version }

    func fit(_ bytes: [UInt8], by recipe: FilmRecipe) -> MediaMessage {
        let look = reader.look(at: bytes)
        guard let film = FilmFinding(look.head["film"]) else { return look }
        switch recipe.plan(for: film, size: bytes.count) {
        case .fits: return MediaMessage(["fits": film.json])
        case .refused(let fault): return .refused(fault)
        case .make(let plan):
            do {
                let made = try unsafe FilmWriting(reader.av, making, bytes, plan, bytesMax: recipe.bytesMax)
                    .run()
                let found = reader.look(at: made)
                guard let film = found.head["film"] else { return .refused(.damaged) }
                return MediaMessage(["made": film], made)
            } catch {
                return .refused(error)
            }
        }
    }
}

/// One film on its way into another.
@safe private final class FilmWriting {
    private let av: UnsafeMutablePointer<bureau_av>
    private let lib: bureau_av_making
    private let plan: FilmMaking
    private let input: UnsafeMutablePointer<AVFormatContext>
    private let output: UnsafeMutablePointer<AVFormatContext>
    private let source: UnsafeMutablePointer<bureau_film_bytes>
    private let made: UnsafeMutablePointer<bureau_film_made>
    private let packet: UnsafeMutablePointer<AVPacket>
    private let frame: UnsafeMutablePointer<AVFrame>
    private var video: FilmPictures
    private var audio: FilmSound?
    /// Where the part begins, in seconds as the film counts them.
    private var zero = 0.0

    init(
        _ av: UnsafeMutablePointer<bureau_av>, _ making: UnsafeMutablePointer<bureau_av_making>,
        _ bytes: [UInt8], _ plan: FilmMaking, bytesMax: Int
    ) throws(MediaFault) {
        unsafe (self.av, lib, self.plan) = (av, making.pointee, plan)
        let kept = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count)
        unsafe kept.initialize(from: bytes, count: bytes.count)
        unsafe source = .allocate(capacity: 1)
        unsafe source.initialize(to: bureau_film_bytes(start: kept, count: Int64(bytes.count), place: 0))
        unsafe made = .allocate(capacity: 1)
        unsafe made.initialize(to: bureau_film_made())
        unsafe made.pointee.most = Int64(min(bytesMax, MediaChild.bytesMax))
        guard let input = unsafe bureau_film_open(av, source),
            let output = unsafe bureau_film_begin(av, making, made),
            let packet = lib.packet_alloc(), let frame = lib.frame_alloc()
        else { throw .damaged }
        unsafe (self.input, self.output, self.packet, self.frame) = (input, output, packet, frame)
        guard let pictures = unsafe FilmStream(first: AVMEDIA_TYPE_VIDEO, of: input, lib) else {
            throw .damaged
        }
        video = try unsafe FilmPictures(pictures, plan, output, av, lib)
        if plan.hasSound {
            guard let sound = unsafe FilmStream(first: AVMEDIA_TYPE_AUDIO, of: input, lib) else {
                throw .damaged
            }
            audio = try unsafe FilmSound(sound, plan, output, lib)
        }
    }

    func run() throws(MediaFault) -> [UInt8] {
        let begin = unsafe input.pointee.start_time == bureau_no_time ? 0 : input.pointee.start_time
        if plan.start > 0 {
            // Goes to the last picture before it that needs no other.
            let place = Int64(plan.start * Double(AV_TIME_BASE)) + begin
            _ = unsafe lib.seek(input, -1, place, AVSEEK_FLAG_BACKWARD)
        }
        zero = Double(begin) / Double(AV_TIME_BASE) + plan.start
        try writeHead()
        while !video.isDone || audio?.isDone == false, unsafe lib.read_frame(input, packet) >= 0 {
            let number = unsafe Int(packet.pointee.stream_index)
            if number == video.stream.number, !video.isDone {
                try unsafe takePictures(of: packet)
            } else if number == audio?.stream.number, audio?.isDone == false {
                try unsafe takeSound(of: packet)
            }
            unsafe lib.packet_unref(packet)
        }
        try unsafe takePictures(of: nil)
        try video.end()
        try unsafe takeSound(of: nil)
        try audio?.end()
        guard unsafe lib.write_trailer(output) >= 0, unsafe output.pointee.pb.pointee.error >= 0 else {
            throw .heavy
        }
        return unsafe Array(UnsafeBufferPointer(start: made.pointee.start, count: Int(made.pointee.count)))
    }

    /// Players begin before they have all of a film whose head stands first: room for it is kept. Without a list of
    /// edits those who know none see the same.
    private func writeHead() throws(MediaFault) {
        var options = unsafe OpaquePointer?.none
        for (name, value) in ["moov_size": "\(headMax)", "use_editlist": "0"] {
            _ = unsafe lib.dictionary_set(&options, name, value, 0)
        }
        guard unsafe lib.write_header(output, &options) >= 0 else { throw .damaged }
    }

    /// Takes the pictures of a packet; `nil`: those that the decoder still has.
    private func takePictures(of packet: UnsafeMutablePointer<AVPacket>?) throws(MediaFault) {
        try unsafe decode(video.stream, packet) { (frame, time) throws(MediaFault) in
            try unsafe video.take(frame, at: time)
        }
    }

    /// Takes the sound of a packet, likewise.
    private func takeSound(of packet: UnsafeMutablePointer<AVPacket>?) throws(MediaFault) {
        guard let stream = audio?.stream else { return }
        try unsafe decode(stream, packet) { (frame, time) throws(MediaFault) in
            try unsafe audio?.take(frame, at: time)
        }
    }

    /// The size that the head has at most: it names each picture and each piece of sound.
    private var headMax: Int {
        let pieces = plan.seconds * (plan.frameRate + (plan.hasSound ? 48_000 / 1024 : 0))
        return 16_384 + Int(pieces) * 40
    }

    /// Hands each picture or piece of sound of a packet on, with its time in seconds of the part. What is broken is
    /// passed over.
    private func decode(
        _ stream: FilmStream, _ packet: UnsafeMutablePointer<AVPacket>?,
        _ take: (UnsafeMutablePointer<AVFrame>, Double) throws(MediaFault) -> Void
    ) throws(MediaFault) {
        guard unsafe lib.send_packet(stream.decoder, packet) >= 0 else { return }
        while unsafe lib.receive_frame(stream.decoder, frame) >= 0 {
            let place = unsafe frame.pointee.best_effort_timestamp
            if place != bureau_no_time { try unsafe take(frame, Double(place) * stream.tick - zero) }
            unsafe lib.frame_unref(frame)
        }
    }
}
