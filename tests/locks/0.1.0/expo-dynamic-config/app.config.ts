export default ({ config }) => ({
  ...config,
  name: 'Demo',
  plugins: [...(config.plugins ?? []), './modules/background-sync/app.plugin.js'],
});
