import JSON

/// Tells the calls of tools in an answer from its text, as the answer comes piece by piece.
///
///     var parser = ToolCallParser(.hermes)
///     for piece in answer { for part in parser.append(piece) { ... } }
///     for part in parser.finish() { ... }
///
/// Text that may become a call is held back until it is certain. What looks like a call but is none comes out as text, so
/// nothing of an answer is lost. Markers that are special tokens have to be in the text: see
/// `GenerateParameters.skipSpecialTokens`.
public struct ToolCallParser: Sendable {
    /// A part of an answer.
    public enum Part: Sendable, Hashable {
        /// Text for the reader.
        case text(String)
        /// A whole call.
        case call(ToolCall)
    }

    /// What the held bytes begin with.
    private enum Phase {
        case text
        /// A call, of which `scanned` bytes were looked at; `marker` came before.
        case call(marker: [UInt8], extent: JSONExtent, scanned: Int)
        /// What stands between a call and what follows it.
        case separator
    }

    private let format: ToolCallFormat
    private let opening: [UInt8]
    private var phase = Phase.text
    private var held: [UInt8] = []
    /// Whether anything but blanks came before: then a brace begins no call.
    private var hasBegun = false
    /// Whether a call was the last thing that came: blanks after it are no text.
    private var followsCall = false

    /// A parser for a family's answers.
    public init(_ format: ToolCallFormat) {
        self.format = format
        opening = Array(format.opening.utf8)
    }

    /// Takes the next piece of the answer; returns what is certain now.
    public mutating func append(_ piece: String) -> [Part] {
        held += piece.utf8
        var parts: [Part] = []
        while step(&parts) {}
        return parts
    }

    /// Ends the answer; returns what was held back.
    public mutating func finish() -> [Part] {
        var parts: [Part] = []
        switch phase {
        case .text: if followsCall, held.allSatisfy(Self.isBlank) { held = [] }
        case .call(let marker, _, _): held = marker + held
        case .separator: if Self.closing.starts(with: held.drop(while: Self.isBlank)) { held = [] }
        }
        giveText(held.count, &parts)
        return parts
    }

    // MARK: Steps

    /// Goes on as far as one step is certain; returns whether there may be another.
    private mutating func step(_ parts: inout [Part]) -> Bool {
        switch phase {
        case .text: findCall(&parts)
        case .call(let marker, let extent, let scanned):
            readCall(after: marker, extent, from: scanned, &parts)
        case .separator: skipSeparator()
        }
    }

    private mutating func findCall(_ parts: inout [Part]) -> Bool {
        let blanks = held.prefix(while: Self.isBlank).count
        if blanks == held.count, followsCall || !hasBegun { return false }
        if format == .llama, !hasBegun, held[blanks] == UInt8(ascii: "{") {
            phase = .call(marker: Array(held.prefix(blanks)), extent: JSONExtent(), scanned: 0)
            held.removeFirst(blanks)
            return true
        }
        for start in held.indices where held[start] == opening[0] {
            let found = held[start...].prefix(opening.count)
            guard opening.starts(with: found) else { continue }
            // Blanks between calls are no text.
            if !(followsCall && start == blanks) { giveText(start, &parts) }
            guard found.count == opening.count else { return false }
            held = Array(held.drop(while: Self.isBlank).dropFirst(opening.count))
            phase = .call(marker: opening, extent: JSONExtent(), scanned: 0)
            return true
        }
        giveText(held.count, &parts)
        return false
    }

    private mutating func readCall(
        after marker: [UInt8], _ extent: JSONExtent, from scanned: Int, _ parts: inout [Part]
    ) -> Bool {
        guard let start = valueStart() else {
            if mayBecomeCall { return false }
            endCall(marker, 0, &parts)
            return true
        }
        var extent = extent
        for index in max(start, scanned)..<max(held.count, start) where extent.append(held[index]) {
            let prefix = String(decoding: held[..<start], as: UTF8.self)
            let value = String(decoding: held[start...index], as: UTF8.self)
            if let calls = format.calls(in: value, named: prefix) {
                parts += calls.map { .call($0) }
                held.removeFirst(index + 1)
                (hasBegun, followsCall, phase) = (true, true, .separator)
            } else {
                endCall(marker, index + 1, &parts)
            }
            return true
        }
        phase = .call(marker: marker, extent: extent, scanned: held.count)
        return false
    }

    /// Where the value of a call begins, after blanks and with Mistral perhaps a name.
    private func valueStart() -> Int? {
        guard let first = held.firstIndex(where: { !Self.isBlank($0) }) else { return nil }
        if held[first] == UInt8(ascii: "{") { return first }
        guard format == .mistral else { return nil }
        if held[first] == UInt8(ascii: "[") { return first }
        return held.firstIndex(of: UInt8(ascii: "{"))
    }

    /// Whether a value can still come: nothing but blanks is there, or Mistral's name of a call on one line.
    private var mayBecomeCall: Bool {
        held.allSatisfy(Self.isBlank) || format == .mistral && held.count < 512 && !held.contains(0x0A)
    }

    /// Gives out what was no call, with its marker.
    private mutating func endCall(_ marker: [UInt8], _ count: Int, _ parts: inout [Part]) {
        held = marker + held
        phase = .text
        hasBegun = true
        giveText(marker.count + count, &parts)
    }

    private mutating func skipSeparator() -> Bool {
        let rest = held.drop(while: Self.isBlank)
        guard let first = rest.first else { return false }
        switch format {
        case .hermes:
            let found = rest.prefix(Self.closing.count)
            if found.count < Self.closing.count, Self.closing.starts(with: found) { return false }
            if found.elementsEqual(Self.closing) { held = Array(rest.dropFirst(Self.closing.count)) }
        case .llama where first == UInt8(ascii: ";") || first == UInt8(ascii: ","):
            held = Array(rest.dropFirst())
            return true
        case .llama where first == UInt8(ascii: "{"):
            held = Array(rest)
            phase = .call(marker: [], extent: JSONExtent(), scanned: 0)
            return true
        default: break
        }
        phase = .text
        return true
    }

    private mutating func giveText(_ count: Int, _ parts: inout [Part]) {
        guard count > 0 else { return }
        let text = String(decoding: held[..<count], as: UTF8.self)
        held.removeFirst(count)
        hasBegun = hasBegun || text.utf8.contains { !Self.isBlank($0) }
        followsCall = false
        if case .text(let before)? = parts.last {
            parts[parts.count - 1] = .text(before + text)
        } else {
            parts.append(.text(text))
        }
    }

    private static let closing = Array("</tool_call>".utf8)

    private static func isBlank(_ byte: UInt8) -> Bool { [0x20, 0x0A, 0x0D, 0x09].contains(byte) }
}

extension ToolCallFormat {
    /// The calls that a JSON text stands for, with what stood before it; nil when it is none.
    func calls(in text: String, named prefix: String) -> [ToolCall]? {
        guard let json = try? JSONValue(parsing: text) else { return nil }
        if let name = Self.name(in: prefix) {
            return json.members == nil ? nil : [ToolCall(name: name, arguments: json.text())]
        }
        let values = json.array ?? [json]
        let calls = values.compactMap { value -> ToolCall? in
            guard let name = value["name"]?.string,
                let arguments = value["arguments"] ?? value["parameters"], arguments.members != nil
            else { return nil }
            return ToolCall(name: name, arguments: arguments.text())
        }
        return calls.isEmpty || calls.count < values.count ? nil : calls
    }

    /// The name before Mistral's markers `[CALL_ID]` and `[ARGS]`.
    private static func name(in prefix: String) -> String? {
        let name = prefix.prefix { $0 != "[" }.filter { !$0.isWhitespace }
        return name.isEmpty ? nil : name
    }
}
