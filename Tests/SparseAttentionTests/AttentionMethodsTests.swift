import SparseAttention
import Testing

@Suite("Attention methods by name")
struct AttentionMethodsTests {
    @Test(
        "a specification names a method and its options",
        arguments: [
            ("dense", "dense"),
            ("a-shape", "a-shape:sinks=1024,local=4096"),
            ("a-shape:local=64", "a-shape:sinks=1024,local=64"),
            ("a-shape:local=64,sinks=0", "a-shape:sinks=0,local=64"),
            (
                "minference",
                "minference:gamma=0.9,density=0.07,sinks=64,local=256,dense-above=0.6,band-rows=4,last-rows-dense=128"
            ),
            ("tri-shape", "tri-shape:sinks=128,local=3968,last-rows-dense=100"),
            ("a-shape:dense-layers=2", "a-shape:sinks=1024,local=4096,dense-layers=2,last-rows-dense=0"),
            ("dense:skip=100", "dense:last-rows-dense=0,skip=100.0"),
            ("dense+2=a-shape:local=64", "dense+2=a-shape:sinks=1024,local=64"),
            (
                "minference:gamma=0.9,max-density=0.5",
                "minference:gamma=0.9,max-density=0.5,sinks=64,local=256,dense-above=0.6,band-rows=4,last-rows-dense=128"
            ),
            (
                "minference:verticals=1000,slashes=6096,crossover=0,dense-above=1",
                "minference:verticals=1000,slashes=6096,crossover=0,dense-above=1.0,band-rows=4,last-rows-dense=128"
            ),
        ])
    func makes(text: String, specification: String) throws {
        let method = try AttentionMethods.make(text)
        #expect(method.specification == specification)
        #expect(try AttentionMethods.make(method.specification).specification == specification)
    }

    @Test(
        "what cannot be used is refused and named",
        arguments: [
            ("flash", AttentionMethodError.unknownMethod("flash")),
            ("", .malformed("", reason: "the name is missing")),
            (":sinks=3", .malformed(":sinks=3", reason: "the name is missing")),
            ("a-shape:", .malformed("a-shape:", reason: "no option after ':'")),
            ("a-shape:sinks", .malformed("a-shape:sinks", reason: "\"sinks\" is not key=value")),
            ("a-shape:sinks=", .malformed("a-shape:sinks=", reason: "\"sinks=\" is not key=value")),
            ("a-shape:sinks=1,", .malformed("a-shape:sinks=1,", reason: "\"\" is not key=value")),
            ("a-shape:sinks=1,sinks=2", .repeatedOption(method: "a-shape", option: "sinks")),
            (
                "a-shape:window=1",
                .unknownOption(
                    method: "a-shape", option: "window",
                    known: ["sinks", "local", "dense-layers", "last-rows-dense", "skip"])
            ),
            (
                "dense:sinks=1",
                .unknownOption(
                    method: "dense", option: "sinks", known: ["dense-layers", "last-rows-dense", "skip"])
            ),
            (
                "xattention:stride=7",
                .invalidValue(
                    method: "xattention", option: "stride", value: "7", expected: "4, 8, 16, 32 or 64")
            ),
            (
                "flashprefill:block=100",
                .invalidValue(
                    method: "flashprefill", option: "block", value: "100",
                    expected: "a multiple of 64 up to 1048576")
            ),
            (
                "dense:last-rows-dense=-1",
                .invalidValue(
                    method: "dense", option: "last-rows-dense", value: "-1",
                    expected: "an integer of at least 0")
            ),
            (
                "dense:skip=inf",
                .invalidValue(method: "dense", option: "skip", value: "inf", expected: "a number above 0")
            ),
            (
                "top-k:by=heads",
                .invalidValue(
                    method: "top-k", option: "by", value: "heads", expected: "columns or rows")
            ),
            (
                "static",
                .conflict(
                    method: "static",
                    reason: "write static:file=PATH; generate --save-indexes PATH makes the file")
            ),
            (
                "dense+0=a-shape",
                .malformed("dense+0=a-shape", reason: "layer 0 does not come after the one before it")
            ),
            (
                "a-shape:local=0",
                .invalidValue(
                    method: "a-shape", option: "local", value: "0", expected: "an integer of at least 1")
            ),
            (
                "minference:gamma=95",
                .invalidValue(
                    method: "minference", option: "gamma", value: "95",
                    expected: "a number above 0 and at most 1")
            ),
            (
                "minference:gamma=nan",
                .invalidValue(
                    method: "minference", option: "gamma", value: "nan",
                    expected: "a number above 0 and at most 1")
            ),
            (
                "minference:verticals=30",
                .conflict(method: "minference", reason: "verticals and slashes go together")
            ),
            (
                "minference:verticals=30,slashes=100,gamma=0.9",
                .conflict(
                    method: "minference",
                    reason:
                        "counts (verticals, slashes) and gamma, densities, sinks or local exclude each other")
            ),
        ])
    func refuses(text: String, error: AttentionMethodError) {
        #expect(throws: error) { try AttentionMethods.make(text) }
        #expect(!error.description.contains("\n") && !error.description.isEmpty)
    }

    @Test("an unknown method is reported with the known ones")
    func unknownMessage() {
        #expect(
            AttentionMethodError.unknownMethod("flash").description
                == "unknown attention method \"flash\"; known are minference, a-shape, tri-shape, triangle-mix, "
                + "dilated, strided, static, top-k, inf-llm, block-sparse, flexprefill, xattention, "
                + "flashprefill, dense")
    }

    @Test("patterns and budgets go to the method that takes them, once")
    func settings() throws {
        let patterns = HeadPatterns(repeating: .dense, layers: 2, heads: 2)
        let budget = VerticalSlashBudget.fixed(verticals: 50, slashes: 200)
        for name in ["dense", "a-shape"] {
            #expect(throws: AttentionMethodError.self) {
                try AttentionMethods.make(name, settings: .init(patterns: patterns))
            }
            #expect(throws: AttentionMethodError.self) {
                try AttentionMethods.make(name, settings: .init(budget: budget))
            }
        }
        #expect(throws: AttentionMethodError.self) {
            try AttentionMethods.make("minference", settings: .init(patterns: patterns, budget: budget))
        }
        #expect(throws: AttentionMethodError.self) {
            try AttentionMethods.make("minference:gamma=0.9", settings: .init(patterns: patterns))
        }
        #expect(throws: AttentionMethodError.self) {
            try AttentionMethods.make("minference:gamma=0.9", settings: .init(budget: budget))
        }
        let method = try AttentionMethods.make("minference", settings: .init(budget: budget))
        #expect(
            method.specification
                == "minference:verticals=50,slashes=200,dense-above=0.6,band-rows=4,last-rows-dense=128")
        let bound = try AttentionMethods.make("minference", settings: .init(patterns: patterns))
        #expect(bound.specification == "minference:dense-above=0.6,band-rows=4,last-rows-dense=128")
    }

    @Test("every listed method can be made and says its name")
    func listed() throws {
        for entry in AttentionMethods.all where entry.name != "static" {
            #expect(try AttentionMethods.make(entry.name).specification.hasPrefix(entry.name))
        }
    }

    @Test(
        "budgets are read as people write them",
        arguments: [
            ("0.95", VerticalSlashBudget.mass(0.95)), ("1", .mass(1)),
            ("1000,6096", .fixed(verticals: 1000, slashes: 6096)),
        ])
    func budgets(text: String, budget: VerticalSlashBudget) {
        #expect(VerticalSlashBudget(parsing: text) == budget)
    }

    @Test(
        "other texts are no budgets",
        arguments: ["", "0", "1.5", "-1", "nan", "1,2,3", "a,b", "-1,3", "0.9,0.8", ","])
    func noBudgets(text: String) {
        #expect(VerticalSlashBudget(parsing: text) == nil)
    }
}

@Suite("Estimation over chunks")
struct EstimationTests {
    @Test("chunks lie on the grid of the whole prompt")
    func ranges() {
        #expect(Estimation.prompt.ranges(of: 5..<300, promptTokens: 300) == [5..<300])
        #expect(Estimation.prompt.ranges(of: 5..<5, promptTokens: 5).isEmpty)
        let chunks = Estimation.chunks(of: 100)
        #expect(chunks.ranges(of: 0..<250, promptTokens: 250) == [0..<100, 100..<200, 200..<250])
        #expect(chunks.ranges(of: 130..<310, promptTokens: 400) == [130..<200, 200..<300, 300..<310])
        #expect(chunks.ranges(of: 200..<200, promptTokens: 400).isEmpty)
    }

    @Test("the last chunk is cut into runs that longer prompts share")
    func tails() {
        func ends(_ count: Int) -> [Int] {
            let ranges = Estimation.chunks(of: 64, tail: 4).ranges(of: 0..<count, promptTokens: count)
            #expect(
                ranges.first?.lowerBound == 0
                    && zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
            return ranges.map(\.upperBound)
        }
        #expect(ends(1) == [1])
        #expect(ends(4) == [4])
        #expect(ends(5) == [4, 5])
        #expect(ends(64 + 45) == [64, 96, 104, 108, 109])
        #expect(ends(64 + 48) == [64, 96, 104, 108, 112])
        // No chunk is whole with less than a tail after it.
        #expect(ends(128 + 4) == [64, 96, 112, 120, 124, 128, 132])
        #expect(ends(128 + 5) == [64, 128, 132, 133])
        for count in 1..<300 {
            let all = ends(count)
            #expect(all.last == count && all.dropLast().allSatisfy { $0 % 4 == 0 })
            #expect(count <= 4 || all[all.count - 1] - all[all.count - 2] <= 4)
            // From any cut on, the rest is cut alike.
            for (number, end) in all.dropLast().enumerated() {
                let rest = Estimation.chunks(of: 64, tail: 4).ranges(of: end..<count, promptTokens: count)
                #expect(rest.map(\.upperBound) == Array(all[(number + 1)...]))
            }
        }
    }

    @Test("texts are read and written", arguments: ["prompt", "chunks=16384", "chunks=64", "chunks=2048/64"])
    func texts(text: String) {
        #expect(Estimation(text)?.description == text)
    }

    @Test(
        "other texts are refused",
        arguments: [
            "", "chunk", "chunks=", "chunks=0", "chunks=-4", "chunks=x", "chunks=64/", "chunks=64/5",
            "chunks=8/4/2",
        ])
    func refused(text: String) {
        #expect(Estimation(text) == nil)
        #expect(Estimation("chunks") == .chunks(of: 16384))
    }
}
