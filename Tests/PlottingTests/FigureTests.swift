import Testing

import Plotting

struct FigureTests {
    @Test func ticksAreRoundAndPrintShort() {
        #expect(Axis.roundTicks(0, 1).map(\.label) == ["0", "0.2", "0.4", "0.6", "0.8", "1"])
        #expect(Axis.roundTicks(0, 0.3).map(\.label) == ["0", "0.05", "0.1", "0.15", "0.2", "0.25", "0.3"])
        #expect(Axis.roundTicks(-3, 130000).map(\.label).contains("100000"))
        let decades = Axis("mass", from: 1e-6, to: 1, scale: .logarithmic).shownTicks
        #expect(decades.map(\.label) == ["1e-6", "1e-5", "1e-4", "0.001", "0.01", "0.1", "1"])
        let narrow = Axis("seconds", from: 0.3, to: 12, scale: .logarithmic).shownTicks
        #expect(narrow.map(\.label) == ["0.5", "1", "2", "5", "10"])
    }

    @Test func sharesFollowTheScale() {
        #expect(Axis("tokens", from: 10, to: 1000, scale: .logarithmic).share(of: 100) == 0.5)
        #expect(Axis("depth", from: 100, to: 0).share(of: 25) == 0.75)
    }

    @Test func scalesEndInTheirColours() {
        #expect(ColorScale.viridis.color(-1) == Color(0x440154))
        #expect(ColorScale.cividis.color(2) == Color(0xFFEA46))
    }

    @Test func vectorFigureNamesEverythingAndEscapesIt() {
        let svg = figure.svg()
        for text in [
            "Recall &lt; 1 &amp; more", "keys", "share", "first", "second", "A", "prefers-color-scheme:dark",
        ] {
            #expect(svg.contains(text), "\(text)")
        }
        #expect(!svg.contains("nan") && !svg.contains("inf"))
        #expect(svg.contains("data:image/png;base64,iVBORw0KGgo"))
    }

    @Test func rasterFigureHasTheVectorsSize() {
        let file = figure.png(scale: 2)
        let layout = FigureLayout(figure).size
        let width = file[16..<20].reduce(0) { $0 << 8 | Int($1) }
        let height = file[20..<24].reduce(0) { $0 << 8 | Int($1) }
        #expect(width == Int((layout.width * 2).rounded(.up)))
        #expect(height == Int((layout.height * 2).rounded(.up)))
        #expect(figure.png() == file)
    }

    @Test func base64IsPadded() {
        #expect(
            ["", "f", "fo", "foo", "foob"].map { Base64.text(Array($0.utf8)) } == [
                "", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==",
            ])
    }

    private var figure: Figure {
        Figure(
            "Recall < 1 & more", subtitle: "a test",
            panels: [
                .init(
                    "Lines", x: Axis("keys", from: 1, to: 100, scale: .logarithmic),
                    y: Axis("share", from: 0, to: 1),
                    marks: [
                        .line(
                            name: "first",
                            points: [.init(1, 0.2), .init(10, .nan), .init(20, 0.5), .init(100, 0.9)],
                            color: Color.series[0]),
                        .line(
                            name: "second", points: [.init(1, 0.1), .init(100, 0.7)], color: Color.series[1],
                            dashed: true),
                    ]),
                .init(
                    "Bars", x: .categories("task", ["one", "two"]), y: Axis("score", from: 0, to: 100),
                    marks: [
                        .bars(name: "dense", values: [90, 80], color: Color.series[0], series: 0, of: 2),
                        .bars(name: "sparse", values: [70, .nan], color: Color.series[1], series: 1, of: 2),
                    ]),
                .init(
                    "Cells", x: .categories("head", ["0", "1"]), y: Axis("layer", from: 1.5, to: -0.5),
                    marks: [
                        .heatMap(
                            HeatMap(
                                columns: 2, values: [0, 0.5, 1, .nan],
                                colors: .scale(.viridis, from: 0, to: 1, label: "recall"),
                                labels: ["0", "50", "100", ""]))
                    ]),
                .init(
                    "Kinds", x: .categories("head", ["0", "1"]), y: Axis("layer", from: 0.5, to: -0.5),
                    marks: [
                        .heatMap(
                            HeatMap(
                                columns: 2, values: [0, 1],
                                colors: .categories([
                                    .init("a-shape", Color.series[0]), .init("blocks", Color.series[1]),
                                ]), labels: ["A", "B"]))
                    ]),
            ], columns: 2)
    }
}
