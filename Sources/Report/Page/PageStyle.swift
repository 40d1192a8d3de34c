/// The style sheet of the page.
enum PageStyle {
  static let text = #"""
    :root{color-scheme:light dark;--bg:#faf9f6;--card:#fff;--ink:#1d2125;--soft:#5b6470;--line:#e2dfd8;--head:#f1efe9;
    --accent:#0a6078;--hot:#b3261e;--warm:#a65a00;--ok:#2e6b3f;--tint:10,96,120;--mono:ui-monospace,"SF Mono","Cascadia Mono",
    "DejaVu Sans Mono",Menlo,Consolas,monospace}
    @media (prefers-color-scheme:dark){:root{--bg:#14171a;--card:#1b1f23;--ink:#e5e6e3;--soft:#9aa3ad;--line:#2e343a;
    --head:#23282d;--accent:#6cc3dc;--hot:#ff8a80;--warm:#f0b35e;--ok:#86cf9a;--tint:108,195,220}}
    *{box-sizing:border-box}
    html{scroll-padding-top:5.2rem;-webkit-text-size-adjust:100%}
    body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",
    "DejaVu Sans",sans-serif;font-variant-numeric:tabular-nums}
    a{color:var(--accent)}
    :focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:3px}
    .skip{position:absolute;left:-999px}.skip:focus{left:1rem;top:.5rem;z-index:9;background:var(--card);padding:.3rem .6rem}
    .sr{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
    header{position:sticky;top:0;z-index:5;background:var(--bg);border-bottom:1px solid var(--line);padding:.55rem 1.25rem .4rem}
    .brand{white-space:nowrap;overflow:hidden;text-overflow:ellipsis}.brand b{letter-spacing:.01em;font-size:1.05rem}
    .brand span{color:var(--soft);font:13px var(--mono);margin-left:.5rem}
    nav{display:flex;gap:.1rem 1rem;overflow-x:auto;scrollbar-width:none;margin-top:.15rem}
    nav::-webkit-scrollbar{display:none}
    nav a{text-decoration:none;color:var(--soft);font-size:13.5px;padding:.15rem 0;white-space:nowrap;
    border-bottom:2px solid transparent}
    nav a:hover,nav a[aria-current]{color:var(--ink);border-color:var(--accent)}
    main{max-width:1500px;margin:0 auto;padding:.5rem 1.25rem 2rem}
    section{margin:0 0 2.6rem}
    h2{font-size:1.3rem;line-height:1.25;margin:1.6rem 0 .5rem;font-weight:650;letter-spacing:-.01em}
    h3{font-size:1rem;margin:1.5rem 0 .45rem;font-weight:650}
    h4{font-size:.85rem;margin:0 0 .3rem;font-weight:650;color:var(--soft)}
    .lead{margin:.1rem 0 .8rem;color:var(--soft)}
    .note,.none{color:var(--soft);font-size:13.5px;margin:.5rem 0;max-width:75ch}
    .tiles{list-style:none;margin:0 0 1rem;padding:0;display:grid;gap:.6rem;
    grid-template-columns:repeat(auto-fill,minmax(158px,1fr))}
    .tiles li{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.6rem .8rem .55rem;
    display:flex;flex-direction:column}
    .tiles b{font-size:1.55rem;line-height:1.15;font-weight:600;letter-spacing:-.02em}
    .tiles.small b{font-size:1.2rem}
    .tiles small{color:var(--soft);font-size:12.5px}
    .tiles .hot b{color:var(--hot)}
    .say{margin:0 0 1.1rem;padding:0;list-style:none;max-width:105ch}
    .say li{padding:.14rem 0 .14rem .8rem;border-left:3px solid var(--line);margin:.2rem 0;overflow-wrap:anywhere}
    .say .warn{border-color:var(--hot)}.say .blind{border-color:var(--warm)}
    .charts{display:grid;gap:.8rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,330px),1fr));margin:.8rem 0 1rem}
    .chart{margin:0;background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.55rem .7rem .3rem;max-width:560px}
    .chart figcaption{font-size:13px;color:var(--soft)}
    .chart svg{display:block;width:100%;height:auto}
    svg text{font-size:10.5px;fill:var(--soft);font-family:inherit}
    .ax{fill:none;stroke:var(--line)}.bar{fill:var(--accent)}.line{fill:none;stroke:var(--accent);stroke-width:1.6}
    .dg{fill:var(--accent);fill-opacity:.55}.db{fill:var(--hot);fill-opacity:.8}
    .lt,.le{text-anchor:end}.lm{text-anchor:middle}
    .tools{display:flex;gap:.6rem 1rem;align-items:baseline;flex-wrap:wrap;margin:.2rem 0 .35rem;font-size:13.5px;color:var(--soft)}
    .tools input{font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:6px;
    padding:.22rem .5rem;width:min(17rem,60vw)}
    .tablebox{background:var(--card);border:1px solid var(--line);border-radius:8px;overflow:hidden}
    .scroll{overflow:auto;max-height:min(70vh,720px)}
    table{border-collapse:collapse;width:100%;font-size:13.5px}
    caption{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
    th,td{padding:.28rem .6rem;text-align:left;vertical-align:top;white-space:nowrap}
    td{border-top:1px solid var(--line);unicode-bidi:isolate;max-width:34rem;overflow:hidden;text-overflow:ellipsis}
    .scroll thead th{position:sticky;top:0;background:var(--head);font-weight:600;font-size:12.5px;z-index:1}
    th button{all:unset;cursor:pointer;font:inherit;border-radius:3px;position:relative}
    th button:focus-visible{outline:2px solid var(--accent)}
    th button::after{content:"";position:absolute;left:100%;color:var(--accent)}
    th[aria-sort=ascending] button::after{content:"▴"}th[aria-sort=descending] button::after{content:"▾"}
    .w{white-space:normal;min-width:min(22rem,60vw)}.n{text-align:right}.t{font-size:13px}.bad{color:var(--hot);font-weight:600}.no{color:var(--soft)}
    .scroll tbody tr{scroll-margin-top:2rem}tbody tr:hover>td{background:color-mix(in srgb,var(--accent) 6%,transparent)}
    .o{width:1.6rem;padding-right:0}.open{text-decoration:none;display:inline-block;width:1.2em;text-align:center}
    .open[aria-expanded=true]{transform:rotate(90deg)}
    .badge{display:inline-block;padding:0 .5em;border-radius:1em;font-size:12px;font-weight:600;line-height:1.55;
    border:1px solid currentcolor;color:var(--soft)}
    .b-high,.b-severe{color:var(--hot)}.b-medium,.b-elevated{color:var(--warm)}.b-severe{background:var(--hot);color:var(--card)}
    .b-low{color:var(--ok)}
    tr.more>td{background:var(--head);white-space:normal;max-width:none}
    .inner{padding:.35rem .1rem .5rem;position:sticky;left:.6rem;width:min(calc(100vw - 5rem),1380px)}
    .details{margin:.5rem 0;max-height:24rem;overflow:auto;font-size:13.5px}
    .js .details{display:none}
    .details summary{cursor:pointer;padding:.15rem 0;overflow-wrap:anywhere}
    dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,290px),1fr));gap:.2rem 1.4rem;margin:.2rem 0 .6rem;
    font-size:13.5px}
    dl div{display:flex;gap:.6rem;min-width:0}
    dt{color:var(--soft);flex:0 0 8.2rem}dd{margin:0;overflow-wrap:anywhere;min-width:0;unicode-bidi:isolate}
    .facts dl{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.7rem .9rem;margin-top:.8rem}
    .ladderbox{max-height:none;background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.4rem;width:fit-content;
    max-width:100%}
    .ladder{display:block}
    .ladder .end{text-anchor:middle;font:600 11.5px var(--mono);fill:var(--ink)}
    .ladder .life{stroke:var(--line);stroke-width:1.5}
    .ladder .m path{fill:none;stroke:currentcolor;stroke-width:1.5}.ladder .m .tip{fill:currentcolor;stroke:none}
    .ladder .lb{text-anchor:middle;font-size:11.5px;fill:currentcolor}.ladder .st{text-anchor:start}
    .ladder .at,.ladder .pk{font:10.5px var(--mono)}
    .rq{color:var(--accent)}.r1{color:var(--soft)}.r2{color:var(--ok)}.r3,.r4,.r9{color:var(--warm)}.r5,.r6{color:var(--hot)}
    .re path{stroke-dasharray:4 3}
    .lists{display:grid;gap:1rem 1.6rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,300px),1fr));align-items:start;
    margin:.6rem 0}
    .list th{font-weight:400;white-space:normal;overflow-wrap:anywhere;padding-left:0;unicode-bidi:isolate}
    .list td,.list th{vertical-align:middle}.list td{border:0}.list tr{border-top:1px solid var(--line)}.list .m{width:32%;padding-right:0}
    meter{display:block;width:100%;height:.55rem}
    meter::-webkit-meter-inner-element{display:block}
    meter::-webkit-meter-bar{background:var(--head);border:0;border-radius:3px;height:.55rem}
    meter::-webkit-meter-optimum-value{background:var(--accent);border-radius:3px}
    meter::-moz-meter-bar{background:var(--accent)}
    .heatbox{max-width:860px}
    .heat{table-layout:fixed;font-size:11px;border-collapse:separate;border-spacing:2px}
    .heat caption{position:static;clip-path:none;width:auto;height:auto;text-align:left;color:var(--soft);font-size:13px;
    padding:0 0 .3rem}
    .heat th{font-weight:400;color:var(--soft);padding:0;text-align:center;font-size:11px}
    .heat th[scope=row]{text-align:left;vertical-align:middle}
    .heat td{padding:0;border:0;text-align:center;height:1.7rem;vertical-align:middle;border-radius:3px;overflow:hidden}
    .heat thead td{height:auto}.heat tr>*:first-child{width:2.3rem}
    .h0{background:var(--head)}.h1{background:rgba(var(--tint),.16)}.h2{background:rgba(var(--tint),.26)}
    .h3{background:rgba(var(--tint),.36)}.h4{background:rgba(var(--tint),.46)}.h5{background:rgba(var(--tint),.58)}
    .h6{background:rgba(var(--tint),.7)}.h7{background:rgba(var(--tint),.82)}.h8,.h9{background:rgba(var(--tint),1)}
    .h6,.h7,.h8,.h9{color:var(--card)}
    tbody .heat tr:hover>td{background:inherit}
    footer{border-top:1px solid var(--line);padding:1rem 1.25rem 2rem;color:var(--soft);font-size:13px}
    @media (max-width:640px){main,header,footer{padding-left:.9rem;padding-right:.9rem}
    .tiles{grid-template-columns:repeat(2,minmax(0,1fr))}.tiles b{font-size:1.3rem}
    .heat{border-spacing:1px}.heat td span{display:none}.heat td{height:1.3rem}.heat thead th{font-size:0}
    .heat thead th.k{font-size:10px;overflow:visible}.heat tr>*:first-child{width:1.8rem}
    dt{flex-basis:7.2rem}.inner{width:calc(100vw - 3.6rem)}}
    @media print{header{position:static}nav,.tools,.o{display:none}.scroll{max-height:none;overflow:visible}
    body{font-size:11px;background:#fff}section{break-inside:auto}tr,.chart,.tiles li{break-inside:avoid}}
    """#
}
