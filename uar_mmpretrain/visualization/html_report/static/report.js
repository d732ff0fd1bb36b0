'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  // A finger that scrolls must not zoom a figure.
  const touch = matchMedia('(pointer: coarse)').matches;
  const [ACCEPT, REPORT, REJECT] = [0, 1, 2];
  const NOT_JUDGED = 2;

  // ------------------------------------------------------------- figures

  const isObject = (value) =>
    value !== null && typeof value === 'object' && !Array.isArray(value);

  const merge = (low, high) => {
    const out = { ...low };
    for (const [key, value] of Object.entries(high)) {
      out[key] = isObject(value) && isObject(out[key])
        ? merge(out[key], value) : value;
    }
    return out;
  };

  const look = () => {
    const css = getComputedStyle(document.documentElement);
    const colour = (name) => css.getPropertyValue(name).trim();
    const axis = {
      gridcolor: colour('--line'), zerolinecolor: colour('--line'),
      automargin: true, fixedrange: touch, title: { standoff: 8 },
    };
    return {
      font: {
        color: colour('--text'), size: 12,
        family: getComputedStyle(document.body).fontFamily,
      },
      paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)',
      margin: { l: 52, r: 26, t: 12, b: 44 },
      legend: {
        orientation: 'h', x: 0, y: 1.02, yanchor: 'bottom',
        itemsizing: 'constant', bgcolor: 'rgba(0,0,0,0)',
      },
      dragmode: touch ? false : 'zoom',
      hovermode: 'closest',
      hoverlabel: {
        bgcolor: colour('--card'), bordercolor: colour('--line'),
        font: { color: colour('--text') },
      },
      xaxis: axis, yaxis: axis,
    };
  };

  const figures = [...document.querySelectorAll('[data-chart]')];

  const draw = (figure) => {
    const chart = data.charts[figure.dataset.chart];
    const place = figure.querySelector('.plot');
    const choice = figure.querySelector('[data-choice]');
    const layout = merge(look(), chart.layout);
    if (layout.height) place.style.height = `${layout.height}px`;
    // Plotly writes into what it is given; the data stay as they came.
    const traces = structuredClone(chart.variants[choice ? choice.value : 0]);
    Plotly.react(place, traces, { ...layout, shapes: figure.lines || [] },
      { responsive: true, displaylogo: false, displayModeBar: touch ? false : 'hover' });
    figure.drawn = true;
  };

  const redrawAll = () => figures.filter((f) => f.drawn).forEach(draw);

  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting && !entry.target.drawn) draw(entry.target);
    }
  }, { rootMargin: '300px' });
  for (const figure of figures) {
    seen.observe(figure);
    figure.querySelector('[data-choice]')
      ?.addEventListener('change', () => draw(figure));
  }
  matchMedia('(prefers-color-scheme: dark)')
    .addEventListener('change', redrawAll);
  addEventListener('beforeprint', () =>
    figures.filter((f) => f.offsetParent && !f.drawn).forEach(draw));

  // --------------------------------------------------------------- plane

  const unpack = (text, Type) =>
    new Type(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);

  const percent = (part, whole) =>
    whole ? `${(100 * part / whole).toFixed(1)}%` : '–';

  const countActions = (plane, tau) => {
    const counts = plane.sets.map(() => [0, 0, 0]);
    let judged = 0;
    let right = 0;
    for (let i = 0; i < plane.set.length; i += 1) {
      let action = plane.aleatoric[i] > tau.aleatoric ? REPORT : ACCEPT;
      if (plane.rejection[i] > tau.rejection) action = REJECT;
      const row = counts[plane.set[i]];
      if (row) row[action] += 1;
      if (action === ACCEPT && plane.correct[i] !== NOT_JUDGED) {
        judged += 1;
        right += plane.correct[i];
      }
    }
    return { counts, judged, right };
  };

  // A slider has 1000 steps, as the axis has pixels: fine where it is dense.
  const toThreshold = (axis, step) => {
    const share = step / 1000;
    return axis.low + (axis.high - axis.low) * (axis.root ? share ** 2 : share);
  };
  const toStep = (axis, value) => {
    const share = Math.min(Math.max(
      (value - axis.low) / (axis.high - axis.low), 0), 1);
    return Math.round(1000 * (axis.root ? Math.sqrt(share) : share));
  };
  const drawn = (axis, value) =>
    axis.root ? Math.sqrt(Math.max(value, 0)) : value;

  const thresholdLines = (axes, tau) => {
    const line = {
      color: getComputedStyle(document.documentElement)
        .getPropertyValue('--text').trim(),
      width: 1.6, dash: 'dash',
    };
    const x = drawn(axes.aleatoric, tau.aleatoric);
    const y = drawn(axes.rejection, tau.rejection);
    const bottom = drawn(axes.rejection, axes.rejection.low);
    return [
      { type: 'line', xref: 'paper', x0: 0, x1: 1, y0: y, y1: y, line },
      { type: 'line', x0: x, x1: x, y0: bottom, y1: Math.max(y, bottom), line },
    ];
  };

  const startPlane = (section) => {
    const raw = data.planes[section.dataset.plane];
    const plane = {
      sets: raw.sets,
      aleatoric: unpack(raw.aleatoric, Float64Array),
      rejection: unpack(raw.rejection, Float64Array),
      set: unpack(raw.set, Uint8Array),
      correct: unpack(raw.correct, Uint8Array),
    };
    const figure = section.querySelector('[data-chart]');
    const tau = {};

    const showCounts = () => {
      const { counts, judged, right } = countActions(plane, tau);
      const sums = counts.map((row) => row[0] + row[1] + row[2]);
      for (const cell of section.querySelectorAll('[data-set]')) {
        const row = plane.sets.indexOf(cell.dataset.set);
        const count = counts[row][cell.dataset.action];
        const share = percent(count, sums[row]);
        cell.dataset.count = count;
        cell.innerHTML = `${share}<small>${count.toLocaleString('en')}</small>`;
        cell.parentElement.style.setProperty('--share', share);
      }
      const fact = (name, part, whole) => {
        const cell = section.querySelector(`[data-fact=${name}]`);
        if (!cell) return;
        cell.dataset.value = part / whole;
        cell.innerHTML = `${percent(part, whole)} <small>of ${whole.toLocaleString('en')}</small>`;
      };
      fact('accuracy', right, judged);
      const ambiguous = plane.sets.indexOf('ambiguous');
      const clear = plane.sets.indexOf('clear');
      if (ambiguous >= 0) {
        const found = counts[ambiguous][REPORT];
        fact('precision', found, found + (counts[clear]?.[REPORT] ?? 0));
        fact('recall', found, sums[ambiguous]);
      }
    };

    let waiting = false;
    const update = () => {
      showCounts();
      figure.lines = thresholdLines(raw.axes, tau);
      if (waiting || !figure.drawn) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        Plotly.relayout(figure.querySelector('.plot'), { shapes: figure.lines });
      });
    };

    const set = (key, value, from) => {
      const axis = raw.axes[key];
      const slider = section.querySelector(`[data-slider=${key}]`);
      const field = section.querySelector(`[data-number=${key}]`);
      tau[key] = value;
      if (from !== slider) slider.value = toStep(axis, value);
      if (from !== field) field.value = Number(value.toPrecision(4));
      slider.setAttribute('aria-valuetext',
        `${value.toPrecision(3)} ${axis.unit}`.trim());
    };

    for (const key of Object.keys(raw.axes)) {
      const slider = section.querySelector(`[data-slider=${key}]`);
      const field = section.querySelector(`[data-number=${key}]`);
      slider.addEventListener('input', () => {
        set(key, toThreshold(raw.axes[key], Number(slider.value)), slider);
        update();
      });
      field.addEventListener('input', () => {
        if (!Number.isFinite(field.valueAsNumber)) return;
        set(key, field.valueAsNumber, field);
        update();
      });
    }
    const reset = () => {
      for (const [key, axis] of Object.entries(raw.axes)) {
        set(key, axis.threshold);
      }
      update();
    };
    section.querySelector('[data-reset]').addEventListener('click', reset);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', update);
    reset();
  };

  // ---------------------------------------------------------------- tabs

  const tabs = [...document.querySelectorAll('[role=tab]')];
  const select = (chosen) => {
    for (const tab of tabs) {
      const on = tab === chosen;
      tab.setAttribute('aria-selected', on);
      tab.tabIndex = on ? 0 : -1;
      document.getElementById(tab.getAttribute('aria-controls')).hidden = !on;
    }
  };
  tabs.forEach((tab, place) => {
    tab.addEventListener('click', () => select(tab));
    tab.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = tabs[(place + step + tabs.length) % tabs.length];
      select(next);
      next.focus();
    });
  });

  document.querySelectorAll('[data-plane]').forEach(startPlane);
  if (tabs.length) select(tabs[0]);
})();
