// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profile/settingstable.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QSettings;
class QToolButton;
class QVBoxLayout;

namespace slotscope {

class Theme;

/// All settings, with search, immediate changes and reset, and the folders with stored data. GUI thread.
class SettingsDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SettingsDialog)
public:
    /// A folder or file that Slotscope writes to.
    struct Place
    {
        QString title, path;
        bool isFile = false;
    };
    SettingsDialog(QSettings &settings, const Theme &theme, const QList<Place> &places, QWidget *parent = nullptr);

    [[nodiscard]] QLineEdit *searchField() const { return m_search; }
    /// The control of a setting: a check box, a combo box or a spin box.
    [[nodiscard]] QWidget *control(const QString &key) const { return m_controls.value(key); }
    [[nodiscard]] QToolButton *resetButton(const QString &key) const { return m_resets.value(key); }
    [[nodiscard]] QStringList shownRows() const; ///< titles from top to bottom
    void update(); ///< shows the current settings

Q_SIGNALS:
    void changed(const QString &key);
    void layoutResetRequested(); ///< the saved layout of pages shall be deleted

private:
    struct Row
    {
        QWidget *widget = nullptr;
        QLabel *heading = nullptr; ///< heading of the row's section
        QString title, words;
    };
    QLabel *addHeading(QVBoxLayout *layout, const QString &text);
    void addSetting(QVBoxLayout *layout, QLabel *heading, const Setting &setting);
    void addPlace(QVBoxLayout *layout, QLabel *heading, const Place &place);
    void addLayoutReset(QVBoxLayout *layout);
    QWidget *makeControl(const Setting &setting, QWidget *row);
    void set(const QString &key, const QVariant &value);
    void filter(const QString &text);
    void resetAll();

    QSettings &m_settings;
    const Theme &m_theme;
    QLineEdit *m_search;
    QLabel *m_none;
    QHash<QString, QWidget *> m_controls;
    QHash<QString, QToolButton *> m_resets;
    QList<Row> m_rows;
    bool m_updating = false;
};

} // namespace slotscope
