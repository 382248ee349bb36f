package picture

// Colours are custom properties of the root, so that one rule sets light and
// one sets dark: back, ink, muted, line, guide, operator, error, demand, band.
const (
	light = "--b:#fff;--i:#1f2328;--m:#59636e;--l:#6e7781;--g:#afb8c1;--o:#eef2f6;--e:#cf222e;--d:#0757ba;--k:#fff1b8"
	dark  = "--b:#0d1117;--i:#e6edf3;--m:#9198a1;--l:#8b949e;--g:#545d68;--o:#1c2430;--e:#ff7b72;--d:#6cb6ff;--k:#4d3d00"
)

func (t Theme) css() string {
	const root = "." + prefix
	const font = ";max-width:100%;height:auto;font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace"
	switch t {
	case Light:
		return root + "{" + light + font + "}"
	case Dark:
		return root + "{" + dark + font + "}"
	case Auto:
	}
	return root + "{" + light + font + "}@media(prefers-color-scheme:dark){" + root + "{" + dark + "}}"
}

// rules are the style sheet. What is used of it goes into the picture.
var rules = []struct{ names, css string }{
	{"b", "fill:var(--b)"},
	{"s n a p c h o w", "fill:var(--i)"},
	{"n a", "font-size:10px;fill:var(--m)"},
	{"p c h", "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Liberation Sans',sans-serif"},
	{"h", "font-size:15px;font-weight:600"},
	{"c", "font-weight:600"},
	{"o", "font-size:13px"},
	{"w", "font-size:10px;fill:var(--d)"},
	{"y", "font-size:10px;fill:var(--e)"},
	{"e", "text-anchor:end"},
	{"m", "text-anchor:middle"},
	{"t", "fill:#14171a;text-anchor:middle"},
	{"tg", "fill:var(--i);opacity:.6"},
	{"t2", "font-size:10.5px"},
	{"t3", "font-size:8.5px"},
	{"l j z x g u d k f q", "fill:none;stroke:var(--l);stroke-width:1.5"},
	{"x", "stroke:var(--g);stroke-width:1"},
	{"g", "stroke:var(--g);stroke-width:1;stroke-dasharray:2 3"},
	{"j", "stroke-dasharray:1 4;stroke-linecap:round"},
	{"u", "stroke:var(--d);stroke-width:5;stroke-linecap:round;opacity:.55"},
	{"d", "stroke:var(--d)"},
	{"k", "stroke:var(--m);stroke-width:2"},
	{"z", "stroke:var(--i);stroke-width:2.5;stroke-linecap:round"},
	{"f", "stroke:var(--e);stroke-width:2.5;stroke-linecap:round"},
	{"q", "stroke:var(--m);stroke-width:1"},
	{"r", "fill:var(--l)"},
	{"v", "stroke:#14171a;stroke-opacity:.55"},
	{"ob", "fill:var(--o);stroke:var(--l)"},
	{"i1", "fill:var(--k)"},
	{"i2", "fill:var(--k);opacity:.45"},
	{"c0", "fill:#7ad"},
	{"c1", "fill:#e86"},
	{"c2", "fill:#4b9"},
	{"c3", "fill:#ed8"},
	{"c4", "fill:#fab"},
	{"c5", "fill:#9df"},
	{"c6", "fill:#ccc"},
	{"c7", "fill:#bc3"},
	{"v0", "fill:var(--b);stroke:var(--m);stroke-dasharray:3 2"},
	{"t0", "fill:var(--i)"},
	{"st", "fill:none;stroke:var(--e);stroke-width:1.5;opacity:.8"},
	{"gh", "opacity:.38"},
}
