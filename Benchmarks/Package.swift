// swift-tools-version: 6.2
import PackageDescription

// The stages of the packet path measured one by one, in a package of their own so that they cost nobody's build.
// See README.md.
let package = Package(
  name: "benchmarks",
  dependencies: [.package(name: "ringwatch", path: "..")],
  targets: [
    .executableTarget(
      name: "Stages",
      dependencies: [
        .product(name: "Decoders", package: "ringwatch"), .product(name: "Sensor", package: "ringwatch"),
      ],
      swiftSettings: [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")])
  ]
)
