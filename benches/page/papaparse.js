// PapaParse in a worker: all rows of a file, with types, kept.
importScripts('node_modules/papaparse/papaparse.min.js');

onmessage = ({ data: file }) => {
  const table = [];
  Papa.parse(file, {
    dynamicTyping: true,
    skipEmptyLines: true,
    chunk: ({ data }) => { for (const row of data) table.push(row); },
    complete: () => postMessage(table.length),
  });
};
postMessage('ready');
