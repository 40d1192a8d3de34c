import Packets
import Testing
import Values

struct TCPReassemblerTests {
  @Test
  func `a connection from SYN to FIN gives its data in both directions`() {
    var harness = TCPHarness()
    harness.connect()
    harness.send(.forward, 100, "REGISTER ", acknowledging: 500)
    harness.send(.forward, 109, "sip:x", acknowledging: 500)
    harness.send(.backward, 500, "200 OK", acknowledging: 114)
    harness.send(.forward, 114, "", .fin, acknowledging: 506)
    harness.send(.backward, 506, "", .fin, acknowledging: 115)
    harness.send(.forward, 115, "", [], acknowledging: 507)
    #expect(
      harness.collector.events == [
        .start(0, isMidstream: false), .data(0, .forward, Array("REGISTER sip:x".utf8)),
        .data(0, .backward, Array("200 OK".utf8)), .end(0, .finished),
      ])
    #expect(harness.reassembler.counters.gaps == 0)
  }

  @Test
  func `the last segments of an ended connection do not begin a new one`() {
    var harness = TCPHarness()
    harness.connect()
    harness.send(.forward, 100, "bye", .fin, acknowledging: 500)
    harness.send(.backward, 500, "", .fin, acknowledging: 104)
    harness.send(.forward, 100, "bye", .fin, acknowledging: 501)
    harness.send(.forward, 104, "", .rst)
    #expect(harness.reassembler.counters.streams == 1)
    harness.send(.forward, 9000, "", .syn)
    harness.send(.forward, 9001, "again")
    #expect(
      harness.collector.events.suffix(2) == [
        .start(0, isMidstream: false), .data(0, .forward, Array("again".utf8)),
      ])
  }

  @Test
  func `a stream without a handshake begins with its first data`() {
    var harness = TCPHarness()
    harness.send(.forward, 7, "", [], acknowledging: 9)
    #expect(harness.collector.events.isEmpty)
    harness.send(.forward, 7, "OPTIONS", acknowledging: 9)
    harness.send(.backward, 9, "200", acknowledging: 14)
    #expect(
      harness.collector.events == [
        .start(0, isMidstream: true), .data(0, .forward, Array("OPTIONS".utf8)),
        .data(0, .backward, Array("200".utf8)),
      ])
  }

  @Test
  func `sequence numbers wrap`() {
    var harness = TCPHarness()
    harness.send(.forward, 0xffff_fffa, "", .syn)
    harness.send(.forward, 1, "defg")
    harness.send(.forward, 0xffff_fffb, "012abc")
    #expect(harness.collector.data(.forward) == Array("012abcdefg".utf8))
  }

  @Test
  func `retransmissions and keep-alives give nothing twice`() {
    var harness = TCPHarness()
    harness.connect()
    harness.send(.forward, 100, "abcdef")
    harness.send(.forward, 100, "abcdef")
    harness.send(.forward, 103, "defghi")
    harness.send(.forward, 108, "i")
    harness.send(.forward, 108, [0])
    harness.send(.forward, 108, "")
    harness.send(.forward, 109, "j")
    #expect(harness.collector.data(.forward) == Array("abcdefghij".utf8))
    #expect(harness.reassembler.counters.retransmissions == 1)
    #expect(harness.reassembler.counters.keepAlives == 2)
    #expect(harness.collector.gaps == [])
  }

  @Test
  func `a gap whose bytes were acknowledged is skipped and named`() {
    var harness = TCPHarness()
    harness.connect()
    harness.send(.forward, 100, "abc")
    harness.send(.forward, 113, "xyz")
    #expect(harness.collector.data(.forward) == Array("abc".utf8))
    harness.send(.backward, 500, "", [], acknowledging: 103)
    #expect(harness.collector.gaps == [])
    harness.send(.backward, 500, "", [], acknowledging: 116)
    #expect(harness.collector.gaps == [10])
    #expect(harness.collector.data(.forward) == Array("abcxyz".utf8))
    #expect(harness.collector.times.last == 7_000_000)
  }

  @Test
  func `a gap that was acknowledged before the data behind it came is skipped at once`() {
    var harness = TCPHarness()
    harness.connect()
    harness.send(.backward, 500, "", [], acknowledging: 110)
    harness.send(.forward, 110, "late")
    #expect(harness.collector.gaps == [10])
    #expect(harness.collector.data(.forward) == Array("late".utf8))
  }

  @Test
  func `a gap that nobody fills is skipped after the time-out`() {
    var harness = TCPHarness()
    harness.connect()
    harness.send(.forward, 105, "late")
    harness.milliseconds += 9000
    harness.send(.backward, 500, "x")
    #expect(harness.collector.gaps == [])
    harness.milliseconds += 2000
    harness.send(.backward, 501, "y")
    #expect(harness.collector.gaps == [5])
    #expect(harness.collector.data(.forward) == Array("late".utf8))
  }

  @Test
  func `the bytes that a snap length cut are a gap`() {
    var harness = TCPHarness()
    harness.connect()
    harness.send(.forward, 100, "abc", uncaptured: 20)
    harness.send(.forward, 123, "def")
    #expect(harness.collector.gaps == [20])
    #expect(harness.collector.data(.forward) == Array("abcdef".utf8))
  }

  @Test
  func `a lost last segment is named when FIN is acknowledged`() {
    var harness = TCPHarness()
    harness.connect()
    harness.send(.forward, 105, "", .fin, acknowledging: 500)
    harness.send(.backward, 500, "", .fin, acknowledging: 106)
    #expect(harness.collector.gaps == [5])
    #expect(harness.collector.ends == [.finished])
  }

  @Test
  func `RST gives what waits and ends the stream, a blind one does not`() {
    var harness = TCPHarness()
    harness.connect()
    harness.send(.forward, 105, "late")
    harness.send(.forward, 0x8000_0000, "", .rst)
    #expect(harness.collector.ends == [])
    harness.send(.backward, 500, "", .rst)
    #expect(harness.collector.gaps == [5])
    #expect(harness.collector.data(.forward) == Array("late".utf8))
    #expect(harness.collector.ends == [.reset])
  }

  @Test
  func `a RST with another number than the next one is not believed`() {
    var harness = TCPHarness()
    harness.connect()
    harness.send(.forward, 100, "abc", acknowledging: 500)
    for number: UInt32 in [0, 99, 102, 104, 0x12345, 0x8000_0000] { harness.send(.forward, number, "", .rst) }
    for number: UInt32 in [0, 499, 501, 0x12345] { harness.send(.backward, number, "", .rst) }
    harness.send(.backward, 500, "xyz", acknowledging: 103)
    harness.send(.forward, 103, "def", acknowledging: 503)
    #expect(harness.collector.ends == [])
    #expect(harness.collector.data(.forward) == Array("abcdef".utf8))
    #expect(harness.collector.data(.backward) == Array("xyz".utf8))
    #expect(harness.reassembler.counters.strays == 10)
    harness.send(.backward, 503, "", .rst)
    #expect(harness.collector.ends == [.reset])
  }

  @Test
  func `a RST behind FIN, and one that refuses a SYN, are believed`() {
    for number: UInt32 in [102, 103, 104, 105] {
      var harness = TCPHarness()
      harness.connect()
      harness.send(.forward, 100, "abc", .fin, acknowledging: 500)
      harness.send(.forward, number, "", .rst)
      #expect(harness.collector.ends == ((103...104).contains(number) ? [.reset] : []), "\(number)")
      var refused = TCPHarness()
      refused.send(.forward, 102, "", .syn)
      refused.send(.backward, 0, "", .rst, acknowledging: number)
      #expect(refused.collector.ends == (number == 103 ? [.reset] : []), "\(number)")
    }
    var harness = TCPHarness()
    harness.send(.forward, 102, "", .syn)
    harness.send(.backward, 103, "", .rst)
    #expect(harness.collector.ends == [])
  }

  @Test
  func `a RST behind lost segments neither ends the stream nor hides what comes`() {
    var harness = TCPHarness()
    harness.connect()
    harness.send(.forward, 100, "abc", acknowledging: 500)
    harness.send(.forward, 110, "", .rst)
    harness.send(.forward, 110, "def", acknowledging: 500)
    harness.send(.backward, 500, "", [], acknowledging: 113)
    #expect(harness.collector.ends == [])
    #expect(harness.collector.gaps == [7])
    #expect(harness.collector.data(.forward) == Array("abcdef".utf8))
  }

  @Test
  func `a host that goes on after its RST never sent it`() {
    var harness = TCPHarness()
    harness.connect()
    harness.send(.forward, 100, "abc", acknowledging: 500)
    harness.send(.backward, 500, "", .rst)
    harness.send(.forward, 103, "lost", acknowledging: 500)
    #expect(harness.collector.data(.forward) == Array("abc".utf8))
    harness.send(.backward, 400, "", [], acknowledging: 103)
    #expect(harness.reassembler.counters.streams == 1)
    harness.send(.backward, 500, "", [], acknowledging: 107)
    harness.send(.forward, 107, "def", acknowledging: 500)
    harness.send(.backward, 500, "xyz", acknowledging: 110)
    #expect(harness.reassembler.counters.streams == 2)
    #expect(harness.collector.gaps == [4])
    #expect(harness.collector.data(.forward) == Array("abcdef".utf8))
    #expect(harness.collector.data(.backward) == Array("xyz".utf8))
    harness.flush()
    #expect(harness.collector.ends == [.reset, .endOfCapture])
  }

  @Test
  func `a SYN into a living stream begins a new one only when it is answered`() {
    var harness = TCPHarness()
    harness.connect()
    harness.send(.forward, 100, "old")
    harness.send(.forward, 70_000, "", .syn)
    harness.send(.forward, 103, "er")
    #expect(harness.collector.ends == [])
    harness.send(.forward, 80_000, "", .syn)
    harness.send(.backward, 6000, "", .syn, acknowledging: 80_001)
    harness.send(.forward, 80_001, "new")
    harness.send(.backward, 6001, "answer")
    #expect(harness.collector.ends == [.replaced])
    #expect(harness.collector.data(.forward) == Array("oldernew".utf8))
    #expect(harness.collector.data(.backward) == Array("answer".utf8))
    #expect(harness.collector.gaps == [])
  }

  @Test
  func `segments far outside are ignored until the third in a row`() {
    var harness = TCPHarness()
    harness.connect()
    harness.send(.forward, 100, "abc")
    harness.send(.forward, 0x4000_0000, "spoofed")
    harness.send(.forward, 103, "def")
    #expect(harness.collector.data(.forward) == Array("abcdef".utf8))
    harness.send(.forward, 0x5000_0000, "1")
    harness.send(.forward, 0x5000_0001, "2")
    harness.send(.forward, 0x5000_0002, "3")
    harness.send(.forward, 0x5000_0003, "4")
    #expect(harness.collector.data(.forward) == Array("abcdef34".utf8))
    #expect(harness.reassembler.counters.strays == 4)
  }

  @Test
  func `the end of the capture gives what waits`() {
    var harness = TCPHarness()
    harness.connect()
    harness.send(.forward, 105, "late")
    harness.send(.backward, 502, "reply")
    harness.flush()
    #expect(harness.collector.gaps == [5, 2])
    #expect(harness.collector.ends == [.endOfCapture])
    #expect(harness.reassembler.streamCount == 0)
    #expect(harness.reassembler.waitingBytes == 0)
  }
}
