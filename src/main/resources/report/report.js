'use strict';
// Draws the charts, and draws them anew when the system changes between light and dark.
(() => {
  const data = JSON.parse(document.getElementById('report-data').textContent);
  const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const short = text => (text.length <= 28 ? text : `${text.slice(0, 27)}…`);
  const own = data.runs.length <= 4;
  const colour = index => own
    ? css(`--run-${data.runs.length === 1 ? 1 : index}`)
    : `hsl(${data.runs[index].hue}, 55%, ${css('--run-lightness')})`;
  const faint = index => `color-mix(in srgb, ${colour(index)} 35%, transparent)`;
  const drawn = [];
  // Of more lines the tables have the names and colours.
  const MOST_NAMED = 8;

  const axis = (title, more) => ({
    title: { display: true, text: title, color: css('--soft') },
    ticks: { color: css('--soft'), maxRotation: 0, autoSkipPadding: 16 },
    grid: { color: css('--grid') },
    border: { color: css('--line') },
    ...more,
  });

  const legend = shown => ({
    display: shown,
    position: 'top',
    align: 'start',
    labels: {
      color: css('--ink'),
      usePointStyle: true,
      pointStyle: 'line',
      pointStyleWidth: 26,
      // The library leaves the dashes out.
      generateLabels: chart => Chart.defaults.plugins.legend.labels.generateLabels(chart)
        .filter(label => label.text !== '')
        .map(label => ({
          ...label,
          lineDash: chart.data.datasets[label.datasetIndex].borderDash || [],
          lineWidth: 2,
        })),
    },
  });

  function draw(id, type, datasets, options) {
    const place = document.getElementById(id);
    if (!place) return;
    const { legend: shown, tooltip, filter, ...rest } = options;
    drawn.push(new Chart(place.querySelector('canvas'), {
      type,
      data: datasets,
      options: {
        animation: false,
        maintainAspectRatio: false,
        ...rest,
        plugins: { legend: shown, tooltip: { callbacks: tooltip, ...(filter && { filter }) } },
      },
    }));
  }

  const points = pairs => pairs.map(([x, y]) => ({ x, y }));
  const overIterations = title => ({
    x: axis('iterations', { type: 'linear', min: 0, max: data.iterations }),
    y: axis(title, { beginAtZero: true }),
  });

  function losses(loss) {
    const datasets = data.runs.flatMap((run, i) => run.losses
      .filter(curve => curve.loss === loss && (own || curve.level === 'main'))
      .map(curve => ({
        label: data.runs.length === 1 ? curve.level : `${short(run.name)}, ${curve.level}`,
        data: points(curve.points),
        borderColor: colour(i),
        backgroundColor: colour(i),
        borderDash: curve.level === 'main' ? [] : [5, 4],
        borderWidth: 1.5,
        pointRadius: curve.points.length === 1 ? 3 : 0,
      })));
    draw(`loss-${loss}`, 'line', { datasets }, {
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      scales: overIterations('loss'),
      legend: legend(own),
      tooltip: { title: items => `iteration ${Math.round(items[0].parsed.x)}` },
    });
  }

  function course() {
    draw('miou-chart', 'line', {
      datasets: data.runs.map((run, i) => ({
        label: short(run.name),
        data: points(run.miou),
        borderColor: colour(i),
        backgroundColor: colour(i),
        borderWidth: 2,
        pointRadius: run.miou.length > 60 || !own ? 0 : 3,
      })).concat(data.runs.flatMap((run, i) => run.members.map(member => ({
        label: '',
        data: points(member),
        borderColor: faint(i),
        borderWidth: 1,
        pointRadius: 0,
        pointHitRadius: 0,
      })))),
    }, {
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      scales: overIterations('mIoU in %'),
      legend: legend(data.runs.length > 1 && data.runs.length <= MOST_NAMED),
      filter: item => item.dataset.label !== '',
      tooltip: {
        title: items => `after ${items[0].parsed.x} iterations`,
        label: item => ` ${item.dataset.label}: ${item.parsed.y.toFixed(1)} %`,
      },
    });
  }

  function scores() {
    const place = document.getElementById('iou-chart');
    if (!place) return;
    const bars = data.runs.filter(run => run.iou.length > 0).length;
    place.style.height = `${70 + data.classes.length * (14 + 12 * bars)}px`;
    draw('iou-chart', 'bar', {
      labels: data.classes,
      datasets: data.runs.map((run, i) => ({
        label: short(run.name),
        data: run.iou,
        backgroundColor: colour(i),
        borderRadius: 2,
        categoryPercentage: 0.78,
        barPercentage: 0.9,
      })),
    }, {
      indexAxis: 'y',
      scales: {
        x: axis('IoU in %', { min: 0, max: 100 }),
        y: axis('', {
          title: { display: false },
          grid: { display: false },
          ticks: { color: css('--ink'), autoSkip: false },
        }),
      },
      legend: { ...legend(data.runs.length > 1), labels: { color: css('--ink'), boxWidth: 12, boxHeight: 12 } },
      tooltip: {
        label: item => ` ${item.dataset.label}: ${item.parsed.x === null ? 'absent' : item.parsed.x.toFixed(1) + ' %'}`,
      },
    });
  }

  function all() {
    drawn.splice(0).forEach(chart => chart.destroy());
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    Chart.defaults.font.size = 12;
    scores();
    course();
    new Set(data.runs.flatMap(run => run.losses.map(curve => curve.loss))).forEach(losses);
    document.documentElement.dataset.drawn = String(drawn.length);
  }

  // A click on a column's name sorts by it: numbers from the highest, then from the lowest.
  function sortable(table) {
    const body = table.tBodies[0];
    const heads = [...table.tHead.rows[0].cells];
    const value = (row, column) => {
      const cell = row.cells[column];
      return cell.dataset.sort === undefined ? cell.textContent.trim() : cell.dataset.sort;
    };
    heads.forEach((head, column) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener('click', () => {
        const rows = [...body.rows];
        const given = rows.filter(row => value(row, column) !== '');
        const numbers = given.every(row => Number.isFinite(Number(value(row, column))));
        const before = head.getAttribute('aria-sort');
        const down = before ? before === 'ascending' : numbers && column > 0;
        heads.forEach(other => other.removeAttribute('aria-sort'));
        head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
        const order = (a, b) => (numbers
          ? Number(value(a, column)) - Number(value(b, column))
          : value(a, column).localeCompare(value(b, column), 'en', { numeric: true }));
        given.sort((a, b) => (down ? order(b, a) : order(a, b)));
        body.append(...given, ...rows.filter(row => value(row, column) === ''));
      });
    });
  }

  document.querySelectorAll('table.sortable').forEach(sortable);
  all();
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', all);
})();
