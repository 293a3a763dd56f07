internal import CAVFormat

/// A stream of a film that is read.
@safe struct FilmStream {
    let number: Int
    let stream: UnsafeMutablePointer<AVStream>
    let decoder: UnsafeMutablePointer<AVCodecContext>
    /// In seconds.
    let tick: Double

    init?(
        first kind: AVMediaType, of film: UnsafeMutablePointer<AVFormatContext>,
        _ lib: borrowing bureau_av_making
    ) {
        let streams = unsafe (0..<Int(film.pointee.nb_streams)).map { unsafe film.pointee.streams[$0]! }
        let found = unsafe streams.firstIndex { stream in
            unsafe stream.pointee.codecpar.pointee.codec_type == kind
                && stream.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC == 0
        }
        guard let found else { return nil }
        unsafe (number, stream) = (found, streams[found])
        guard let codec = unsafe lib.find_decoder(stream.pointee.codecpar.pointee.codec_id),
            let decoder = unsafe lib.codec_alloc(codec)
        else { return nil }
        unsafe self.decoder = decoder
        unsafe decoder.pointee.pkt_timebase = stream.pointee.time_base
        unsafe decoder.pointee.thread_count = 2
        var options = unsafe OpaquePointer?.none
        _ = unsafe lib.dictionary_set(&options, "codec_whitelist", BUREAU_CODECS, 0)
        guard unsafe lib.to_codec(decoder, stream.pointee.codecpar) >= 0,
            unsafe lib.codec_open(decoder, codec, &options) >= 0
        else { return nil }
        let base = unsafe stream.pointee.time_base
        tick = Double(base.num) / Double(base.den)
    }
}

/// A stream of the film that is made.
@safe struct FilmEncoder {
    let lib: bureau_av_making
    let codec: UnsafeMutablePointer<AVCodecContext>
    let film: UnsafeMutablePointer<AVFormatContext>
    let stream: UnsafeMutablePointer<AVStream>
    private let packet: UnsafeMutablePointer<AVPacket>

    init(
        _ name: String, _ film: UnsafeMutablePointer<AVFormatContext>, _ lib: bureau_av_making,
        options: [String: String] = [:], _ set: (UnsafeMutablePointer<AVCodecContext>) -> Void
    ) throws(MediaFault) {
        guard let kind = unsafe lib.find_encoder(name), let codec = unsafe lib.codec_alloc(kind),
            let stream = unsafe lib.new_stream(film, nil), let packet = lib.packet_alloc()
        else { throw .costly }
        unsafe set(codec)
        unsafe codec.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER
        var dictionary = unsafe OpaquePointer?.none
        for (key, value) in options { _ = unsafe lib.dictionary_set(&dictionary, key, value, 0) }
        guard unsafe lib.codec_open(codec, kind, &dictionary) >= 0,
            unsafe lib.from_codec(stream.pointee.codecpar, codec) >= 0
        else { throw .costly }
        unsafe stream.pointee.time_base = codec.pointee.time_base
        unsafe (self.lib, self.codec, self.film, self.stream, self.packet) = (
            lib, codec, film, stream, packet
        )
    }

    /// Writes a picture or a piece of sound; `nil`: the rest, at the end.
    func write(_ frame: UnsafeMutablePointer<AVFrame>?) throws(MediaFault) {
        guard unsafe lib.send_frame(codec, frame) >= 0 else { throw .damaged }
        while unsafe lib.receive_packet(codec, packet) >= 0 {
            // AAC begins with a piece that only prepares its first: with it, all else would come late.
            if unsafe packet.pointee.pts < 0 {
                unsafe lib.packet_unref(packet)
                continue
            }
            // A picture stands for one tick: not told so, the last one would not stand at all.
            if unsafe packet.pointee.duration == 0 { unsafe packet.pointee.duration = 1 }
            unsafe lib.packet_rescale(packet, codec.pointee.time_base, stream.pointee.time_base)
            unsafe packet.pointee.stream_index = stream.pointee.index
            guard unsafe lib.write_frame(film, packet) >= 0 else { throw .heavy }
        }
    }
}
