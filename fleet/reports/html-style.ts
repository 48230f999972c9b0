/** Of the report as a file: the console's own sheets are not there. */
export const htmlStyle = `
:root{color-scheme:light dark;--text:#1b1f24;--dim:#57606a;--line:#d0d7de;--ground:#fff;--part:#0550ae;--rest:#9fb8d6;--over:#a40e26}
@media (prefers-color-scheme:dark){:root{--text:#e6edf3;--dim:#9da7b1;--line:#30363d;--ground:#0d1117;--part:#79c0ff;--rest:#2f4f76;--over:#ff8a80}}
body{margin:16px;font:13px/1.4 system-ui,sans-serif;font-variant-numeric:tabular-nums;color:var(--text);background:var(--ground)}
h1{font-size:20px}h2{font-size:15px}
dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px;margin:0}dt{color:var(--dim)}dd{margin:0}
.table{overflow-x:auto}table{border-collapse:collapse}th,td{padding:4px 12px 4px 0;border-bottom:1px solid var(--line);text-align:left;white-space:nowrap}
.end{text-align:right}.none{color:var(--dim)}tfoot td{font-weight:600}
svg{display:block;max-width:100%;margin:16px 0}svg text{fill:var(--text);font:12px system-ui,sans-serif}
.part{fill:var(--part)}.rest{fill:var(--rest)}.over{fill:var(--over)}.mark{stroke:var(--text);stroke-width:2}.frame{fill:none;stroke:var(--line)}.hatch{stroke:var(--dim)}
`;
