#include "stage/dashboard.h"

/* Everything is in the page itself, and what it shows is set as text, never as markup. */
static const char page[] =
"<!doctype html><html lang=en><meta charset=utf-8><title>pagemill</title>"
"<meta name=viewport content='width=device-width'>"
"<style>body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;"
"color-scheme:light dark}h1{font-size:1.4rem}table{border-collapse:collapse;margin:1rem 0;width:100%}"
"th,td{text-align:left;padding:.25rem .75rem;border-bottom:1px solid #8884}td.n{text-align:right;"
"font-variant-numeric:tabular-nums}caption{text-align:left;font-weight:600}</style>"
"<h1>pagemill</h1><p id=state role=status>reading /metrics …</p>"
"<table><caption>Pages</caption><tbody id=pages></tbody></table>"
"<table><caption>Filters</caption><tbody id=filters></tbody></table>"
"<table><caption>Lag</caption><tbody id=lag></tbody></table>"
"<script>\n"
"let last=null;\n"
"function parse(t){const m=[];for(const l of t.split('\\n')){if(!l||l[0]=='#')continue;"
"const i=l.lastIndexOf(' '),k=l.slice(0,i),b=k.indexOf('{'),o={name:b<0?k:k.slice(0,b),v:+l.slice(i+1),l:{}};"
"if(b>=0)for(const x of k.slice(b).matchAll(/([a-z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"/g))o.l[x[1]]=x[2];m.push(o)}return m}\n"
"function rows(id,list){const b=document.getElementById(id);b.replaceChildren(...list.map(r=>{"
"const t=document.createElement('tr');r.forEach((c,i)=>{const d=document.createElement(i?'td':'th');"
"if(i)d.className='n';d.textContent=c;t.append(d)});return t}))}\n"
"async function tick(){try{const t=parse(await(await fetch('/metrics')).text()),now=Date.now();\n"
"const sum=(n,f)=>t.filter(x=>x.name==n&&(!f||f(x.l))).reduce((a,x)=>a+x.v,0);\n"
"const at={now};const names=['received','emitted','dropped','failed','returned'];\n"
"rows('pages',[['','total','per second'],...names.map(n=>{at[n]=sum('pagemill_pages_'+n+'_total');"
"const rate=last?((at[n]-last[n])*1000/(now-last.now)).toFixed(1):'';return[n,at[n],rate]}),"
"['memory, MiB',(sum('pagemill_memory_bytes')/1048576).toFixed(1),'']]);\n"
"const fs=[...new Set(t.filter(x=>x.name=='pagemill_filter_duration_seconds_count').map(x=>x.l.filter))];\n"
"rows('filters',[['','seen','dropped','failed','mean µs'],...fs.map(f=>{const is=l=>l.filter==f,"
"c=sum('pagemill_filter_duration_seconds_count',is);return[f,c,sum('pagemill_pages_dropped_total',is),"
"sum('pagemill_pages_failed_total',is),c?(sum('pagemill_filter_duration_seconds_sum',is)/c*1e6).toFixed(1):'']})]);\n"
"rows('lag',t.filter(x=>x.name=='pagemill_consumer_lag').map(x=>[x.l.topic+' / '+x.l.partition,x.v]));\n"
"const r=await fetch('/ready');document.getElementById('state').textContent=r.ok?'ready':'not ready';last=at\n"
"}catch(e){document.getElementById('state').textContent='no answer'}setTimeout(tick,2000)}\n"
"tick()\n"
"</script></html>\n";

struct pm_slice pm_dashboard(void)
{
	return pm_slice(page, sizeof(page) - 1);
}
