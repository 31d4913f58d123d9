import JSON
import Testing

@Suite struct JSONReaderTests {
    @Test(
        "valid texts parse",
        arguments: [
            ("null", JSONValue.null), (" true ", .bool(true)), ("false", .bool(false)), ("\"\"", .string("")),
            ("0", .int(0)), ("-0", .int(0)), ("-12", .int(-12)), ("9223372036854775807", .int(.max)),
            ("-9223372036854775808", .int(.min)), ("9223372036854775808", .double(9_223_372_036_854_775_808)),
            ("1.0", .double(1)), ("1e2", .double(100)), ("-1.5E-3", .double(-0.0015)), ("0.1", .double(0.1)),
            ("[]", .array([])), ("[ 1 , [ ] ]", .array([.int(1), .array([])])), ("{}", .object([])),
            ("{\"a\":1,\"b\":[null]}", ["a": 1, "b": .array([.null])] as JSONValue), ("\u{FEFF}1", .int(1)),
            ("\t\r\n [1]\n", .array([.int(1)])),
        ])
    func valid(_ text: String, _ value: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == value)
    }

    @Test(
        "strings decode",
        arguments: [
            (#""a""#, "a"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
            (#""\u0041\u00e9\u20AC""#, "Aé€"),
            (#""\ud83d\ude00""#, "😀"), (#""x\u0000y""#, "x\0y"), (#""\ud83d""#, "\u{FFFD}"),
            (#""\ud83dx""#, "\u{FFFD}x"), (#""\ude00\ud83d""#, "\u{FFFD}\u{FFFD}"),
            (#""\ud83d\u0041""#, "\u{FFFD}A"), (#""\ud83d\n""#, "\u{FFFD}\n"), ("\"日本😀é\"", "日本😀é"),
            ("\"é\\né\"", "é\né"), ("\"\u{7F}\u{2028}\"", "\u{7F}\u{2028}"),
        ])
    func strings(_ text: String, _ value: String) throws {
        #expect(try JSONValue(parsing: text).string == value)
        var reader = text
        let bytes = try reader.withUTF8 { bytes in
            var reader = JSONReader(bytes)
            var bytes: [UInt8] = []
            try reader.readStringBytes { bytes = Array($0) }
            try reader.finish()
            return bytes
        }
        #expect(bytes == Array(value.utf8))
    }

    @Test(
        "what is not JSON is an error that says the byte",
        arguments: [
            ("", 0, "unexpected end of text"), ("  ", 2, "unexpected end of text"),
            ("nul", 0, "expected null"),
            ("tru", 0, "expected true or false"), ("[1", 2, "expected ',' or ']'"),
            ("[1,]", 3, "unexpected character"),
            ("[,1]", 1, "unexpected character"), ("{\"a\" 1}", 5, "expected ':'"),
            ("{1:2}", 1, "expected a string"),
            ("{\"a\":1,}", 7, "expected a string"), ("{\"a\":1", 6, "expected ',' or '}'"),
            ("\"ab", 3, "unterminated string"), ("\"a\\", 3, "unterminated string"),
            ("\"\\x\"", 2, "unknown escape"),
            ("\"\\u12\"", 3, "unterminated escape"), ("\"\\u12g4\"", 5, "expected four hexadecimal digits"),
            ("\"a\nb\"", 2, "control character in a string"),
            ("\"\\n\u{1}\"", 3, "control character in a string"),
            ("01", 2, "expected a number"), ("-", 1, "expected a number"),
            ("1.", 2, "expected a digit after '.'"),
            ("1e", 2, "expected an exponent"), ("1e+", 3, "expected an exponent"),
            (".5", 0, "unexpected character"),
            ("+1", 0, "unexpected character"), ("1e999", 0, "number out of range"),
            ("NaN", 0, "unexpected character"),
            ("1 2", 2, "unexpected text after the value"), ("{}}", 2, "unexpected text after the value"),
            ("[1 2]", 3, "expected ',' or ']'"), ("'a'", 0, "unexpected character"),
        ])
    func invalid(_ text: String, _ offset: Int, _ reason: String) {
        #expect(throws: JSONError(offset: offset, reason: reason)) { try JSONValue(parsing: text) }
    }

    @Test(
        "strings that are not UTF-8 are errors, also beside escapes",
        arguments: [
            ([0xFF], 1), ([0xC3], 1), ([0x61, 0xC0, 0x80], 2), ([0xED, 0xA0, 0x80], 1),
            ([0xF4, 0x90, 0x80, 0x80], 1),
            ([0xE2, 0x82, 0x5C, 0x6E], 1), ([0x5C, 0x6E, 0x80], 3),
            ([0xC3, 0x5C, 0x75, 0x30, 0x30, 0x41, 0x39], 1),
        ] as [([UInt8], Int)])
    func invalidEncoding(_ content: [UInt8], _ offset: Int) {
        let text = [UInt8(ascii: "\"")] + content + [UInt8(ascii: "\"")]
        #expect(throws: JSONError(offset: offset, reason: "string is not UTF-8")) {
            try text.withUnsafeBufferPointer { try JSONValue(parsing: $0) }
        }
    }

    @Test("integers are exact, or an error")
    func integers() throws {
        #expect(try read("9223372036854775807") { try $0.readInt() } == .max)
        #expect(try read("-9223372036854775808") { try $0.readInt() } == .min)
        #expect(try read("3e2") { try $0.readInt() } == 300)
        #expect(try read("4.0") { try $0.readInt() } == 4)
        for text in ["9223372036854775808", "4.5", "1e30", "99999999999999999999"] {
            #expect(throws: JSONError(offset: 0, reason: "expected an integer, found \(text)")) {
                try read(text) { try $0.readInt() }
            }
        }
    }

    @Test("nesting is limited")
    func depth() throws {
        let deepest = JSONReader.maximumDepth
        #expect(throws: Never.self) { try JSONValue(parsing: nested(deepest)) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: nested(deepest + 1)) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: String(repeating: "[", count: 1_000_000)) }
        #expect(throws: JSONError.self) {
            try JSONValue(parsing: String(repeating: "{\"\":", count: 1_000_000))
        }
        // What has been closed does not count.
        let wide = "[" + Array(repeating: "[]", count: 1000).joined(separator: ",") + "]"
        #expect(try JSONValue(parsing: wide).array?.count == 1000)
    }

    @Test("keys come as bytes, with and without escapes")
    func utf8Keys() throws {
        var keys: [[UInt8]] = []
        var sum = 0
        try read(#"{"é": 1, "\u0120a": 2, "": 3, "é": 4}"#) { reader in
            try reader.readMembers { (key, reader) throws in
                keys.append(Array(key))
                sum += try reader.readInt()
            }
        }
        #expect(keys == ["é", "Ġa", "", "é"].map { Array($0.utf8) })
        #expect(sum == 10)
    }

    @Test("errors of the caller pass through")
    func callerErrors() {
        struct Stop: Error {}
        #expect(throws: Stop.self) { try read("[1]") { try $0.readArray { _, _ in throw Stop() } } }
        #expect(throws: Stop.self) { try read("{\"a\":1}") { try $0.readObject { _, _ in throw Stop() } } }
        #expect(throws: Stop.self) { try read("{\"a\":1}") { try $0.readMembers { _, _ in throw Stop() } } }
        #expect(throws: Stop.self) { try read("\"a\"") { try $0.readStringBytes { _ in throw Stop() } } }
    }

    @Test("skipping checks the syntax of what it skips")
    func skipping() throws {
        try read(#"{"a":[1,{"b":"\n"}],"c":null}"#) { try $0.skipValue() }
        for text in ["[1,2", "{\"a\":tru}", "\"\\q\"", "[1.]", "{\"a\"}"] {
            #expect(throws: JSONError.self) { try read(text) { try $0.skipValue() } }
        }
    }

    private func nested(_ depth: Int) -> String {
        String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }

    @discardableResult
    private func read<Result>(_ text: String, _ body: (inout JSONReader) throws -> Result) throws -> Result {
        var text = text
        return try text.withUTF8 { bytes in
            var reader = JSONReader(bytes)
            let result = try body(&reader)
            try reader.finish()
            return result
        }
    }
}
